"""A published result is taken away by two, whenever it comes out: a new edition, titles in doubt, nothing else."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from competitions import workflow
from competitions.models import Appeal, Award, Entry, Mark, Promotion
from competitions.permissions.promotions import CERTIFY
from competitions.selectors.awards import not_borne_out, risen_in_vain
from competitions.selectors.board import differences
from competitions.services.awards import give_awards
from competitions.services.leaving import (
    ask_away,
    disqualify_entry,
    keep_result,
    restore_result,
    take_away,
)
from competitions.services.promotions import propose
from organizations.roles import Role
from talents.models import Certificate
from tests.competitions.jury import decided, group_of
from tests.competitions.test_contest_flow import NUMBER, refused
from tests.competitions.windows import DAYS, appeals_over
from tests.factories.competitions import EntryFactory, ItemFactory, marked
from tests.factories.organizations import account
from workflow.models import Notice, Record
from workflow.records import record_event, subject_of

pytestmark = pytest.mark.django_db
WHY = "查实冒名顶替，由他人代为比赛"


@pytest.fixture
def rewarded(podium, item, hands):
    """Long after the days of appealing: awards given, the first has his certificate."""
    with appeals_over():
        give_awards(item.pk, actor=hands["approver"], document_number="京工发〔2026〕12号")
        propose(item.pk, actor=hands["handler"])
        first = Promotion.objects.get(entry=podium[0])
        workflow.certify(first.pk, NUMBER, actor=hands["handler"])
        yield podium


def test_one_asks_another_decides_and_the_next_edition_says_what_differs_and_why(
    client, rewarded, item, hands
):
    first = rewarded[0]
    marks = list(Mark.objects.order_by("pk").values_list("pk", "value", "is_superseded"))
    other = marked(EntryFactory(item=ItemFactory(competition=item.competition)), 40, 3, 3, 3)
    assert refused(disqualify_entry, first.pk, actor=hands["approver"], note=WHY) == "result-published"  # fmt: skip
    assert refused(ask_away, first.pk, actor=hands["handler"], note=WHY) == "role-required"
    assert refused(take_away, first.pk, actor=hands["second"], note=WHY) == "result-not-in-question"

    ask_away(first.pk, actor=hands["approver"], note=WHY)
    assert refused(ask_away, first.pk, actor=hands["second"], note=WHY) == "result-in-question"
    assert refused(take_away, first.pk, actor=hands["approver"], note=WHY) == "asker-cannot-take-away"  # fmt: skip
    client.force_login(hands["second"])
    page = client.get(reverse("competitions:entry", args=[first.pk])).content.decode()
    assert WHY in page
    answer = client.post(reverse("competitions:entry-result", args=[first.pk, "take"]), {"note": WHY})  # fmt: skip

    assert answer.status_code == 302
    first.refresh_from_db()
    assert (first.state, first.out_asked_by, first.out_agreed_by) == ("disqualified", hands["approver"], hands["second"])  # fmt: skip
    new, old = item.boards.all()
    assert (new.number, new.reason) == (2, f"取消{first.person.name}的成绩：{WHY}")
    told = {one.name: (one.before, one.after) for one in differences(old, new)}
    assert told[first.person.name][1] is None
    assert [(before[0], after[0]) for before, after in told.values() if after] == [(2, 1), (3, 2), (4, 3)]  # fmt: skip
    assert list(Mark.objects.exclude(entry=other).order_by("pk").values_list("pk", "value", "is_superseded")) == marks  # fmt: skip
    other.refresh_from_db()
    item.refresh_from_db()
    assert (other.state, item.state) == ("entered", "published")


def test_titles_of_who_is_out_are_in_doubt_and_what_is_not_borne_out_is_told(
    client, rewarded, item, hands
):
    first = rewarded[0]
    ask_away(first.pk, actor=hands["approver"], note=WHY)
    take_away(first.pk, actor=hands["second"], note=WHY)

    title = Award.objects.get(line__entry=first, kind="gold").honour
    assert (title.state, title.doubted_by) == ("doubted", hands["second"])
    assert WHY in title.reason
    silver = Award.objects.get(kind="silver").honour
    assert silver.state == "valid"  # it is replaced by gold, which is named on the page
    assert {award.kind for award in not_borne_out(item)} == {"gold", "coach", "silver", "bronze"}
    assert [one.entry for one in risen_in_vain(item)] == [first]
    assert Notice.objects.filter(
        recipient=hands["handler"], title__contains="与第2版成绩榜不符"
    ).exists()
    client.force_login(hands["approver"])
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()
    assert "已晋升与新版成绩不符" in page
    listed = client.get(reverse("competitions:promotions", args=[item.code])).content.decode()
    assert "与新版成绩榜不符" in listed


def test_the_result_may_be_kept_and_an_appeal_is_waited_for(podium, item, hands):
    first = podium[0]
    filed = workflow.appeal(podium[1].pk, "第一项少记一分半", actor=hands["nominator"])
    ask_away(first.pk, actor=hands["approver"], note=WHY)
    assert refused(take_away, first.pk, actor=hands["second"], note=WHY) == "appeals-open"
    assert Appeal.objects.get().pk == filed.pk

    keep_result(first.pk, actor=hands["second"], note="核对录像，属本人参赛")

    first.refresh_from_db()
    assert (first.state, first.out_reason, first.out_asked_by) == ("entered", "", None)
    assert item.boards.count() == 1


def test_members_of_the_arbitration_group_may_decide_too(podium, item, hands, city):
    chair = account(Role.HANDLER, city)
    group_of(item.competition, chair)

    ask_away(podium[0].pk, actor=chair, note=WHY)

    assert take_away(podium[0].pk, actor=hands["second"], note=WHY).number == 2


def test_before_publication_there_is_nothing_published_to_take_away(item, hands):
    entry = marked(EntryFactory(item=item), 40, 3, 3, 3)
    assert refused(ask_away, entry.pk, actor=hands["approver"], note=WHY) == "board-not-published"


def test_the_database_has_two_take_a_result_away(item, hands):
    entry = EntryFactory(item=item)
    entry.out_asked_by = entry.out_agreed_by = hands["approver"]
    entry.out_reason = WHY
    with pytest.raises(ValidationError, match="另一人决定"):
        Entry.validate_constraints(entry)


def test_a_rise_that_is_not_borne_out_is_taken_back_by_another_and_counts_no_more(
    client, rewarded, item, hands
):
    first = rewarded[0]
    risen = Promotion.objects.get(entry=first)
    note = {"note": "市人力社保局复函：撤销该证书"}
    taking = {"actor": hands["approver"], **note}
    assert refused(workflow.annul, risen.pk, **taking) == "rise-borne-out"
    ask_away(first.pk, actor=hands["approver"], note=WHY)
    assert refused(workflow.annul, risen.pk, **taking) == "result-in-question"
    take_away(first.pk, actor=hands["second"], note=WHY)
    assert refused(workflow.annul, risen.pk, **taking) == "appeals-not-over"
    with travel(timezone.now() + timedelta(days=DAYS)):
        assert refused(workflow.annul, risen.pk, actor=hands["handler"], **note) == "role-required"
        client.force_login(hands["approver"])
        address = reverse("competitions:annul", args=[risen.pk])
        listed = reverse("competitions:promotions", args=[item.code])
        assert address in client.get(listed).content.decode()
        assert client.post(address, note).status_code == 302
        assert address not in client.get(listed).content.decode()

    risen.refresh_from_db()
    assert (risen.state, risen.certificate) == ("withdrawn", None)
    kept = first.person.certificates.get(number=NUMBER)
    assert kept.level == "", "on file under its number, and no level any more"
    assert risen_in_vain(item) == []
    told = Record.objects.get(subject=subject_of(kept), code="competitions.certificate-recalled")
    assert (told.before, told.actor) == ({"level": risen.target}, hands["approver"])


def test_the_very_certificate_that_was_taken_back_is_registered_again_with_the_result(
    rewarded, item, hands, city
):
    """And no other: neither one of another trade nor one that never said a level."""
    first, third = rewarded[0], account(Role.APPROVER, city)
    _out(first, hands)
    with travel(timezone.now() + timedelta(days=DAYS)):
        annulled = Promotion.objects.get(entry=first)
        workflow.annul(annulled.pk, actor=hands["approver"], note=WHY)
        _out(rewarded[1], hands)  # another edition: there are days of appealing again
        filed = workflow.appeal(first.pk, "录像证明是本人参赛", actor=hands["nominator"])
        chair = account(Role.HANDLER, city)
        decided(filed, chair, is_upheld=True, verdict="录像属实，是本人参赛")
        restore_result(first.pk, actor=third, note="录像属实，恢复成绩")
    with travel(timezone.now() + timedelta(days=2 * DAYS)):
        propose(item.pk, actor=hands["handler"])
        again = Promotion.objects.get(entry=first, state="proposed")
        kept, certifying = first.person.certificates.get(number=NUMBER), {"actor": hands["handler"]}
        trade, unsaid = kept.occupation, NUMBER[:-1] + "9"
        Certificate.objects.create(person=first.person, number=unsaid, occupation=trade)
        Certificate.objects.filter(pk=kept.pk).update(occupation="钳工")
        for number in (NUMBER, unsaid):
            assert refused(workflow.certify, again.pk, number, **certifying) == "certificate-says-otherwise"  # fmt: skip
        Certificate.objects.filter(pk=kept.pk).update(occupation=trade)
        workflow.certify(again.pk, NUMBER, **certifying)

    again.refresh_from_db()
    kept.refresh_from_db()
    assert (again.certificate, kept.level) == (kept, annulled.target)
    told = Record.objects.get(subject=subject_of(kept), code="competitions.certificate-revived")
    assert (told.after, told.actor) == ({"level": annulled.target}, hands["handler"])


def _out(entry, hands):
    ask_away(entry.pk, actor=hands["approver"], note=WHY)
    take_away(entry.pk, actor=hands["second"], note=WHY)


def test_who_certified_a_rise_does_not_take_it_back(rewarded, hands):
    risen = Promotion.objects.get(entry=rewarded[0])
    record_event(
        CERTIFY.event,
        subject_of(risen),
        actor=hands["second"],
        organization=risen.item.competition.organizer,
    )
    assert (
        refused(workflow.annul, risen.pk, actor=hands["second"], note=WHY)
        == "certifier-cannot-annul"
    )
