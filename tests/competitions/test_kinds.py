"""Level and class of a contest with results are changed by two; what else told the results is changed no more."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from competitions import workflow
from competitions.models import Competition, Entry, Item, Promotion
from competitions.selectors.awards import risen_in_vain
from competitions.selectors.home import staff_queues
from competitions.services.awards import name_coach
from competitions.services.contests import correct_competition, correct_item
from competitions.services.entries import correct_entry
from competitions.services.kinds import change_kind, keep_kind
from competitions.services.promotions import propose
from organizations.roles import Role
from tests.accounts.lending import again, lend
from tests.competitions.jury import opened_again
from tests.competitions.test_contest_flow import NUMBER, published, refused
from tests.competitions.windows import later
from tests.factories.competitions import EntryFactory, marked, on_file
from tests.factories.organizations import account
from tests.factories.talents import PersonFactory
from workflow.models import Notice, Record

pytestmark = pytest.mark.django_db
WHY = "通知文件列为一类"


@pytest.fixture
def proposals(item, hands):
    """Two of 高级工, published and proposed for 技师 by 市级二类."""
    for measured in (40, 39):
        marked(EntryFactory(item=item, unit=hands["unit"]), measured, 3, 3, 3)
    published(item, hands)
    later(propose, item.pk, actor=hands["handler"])
    return list(Promotion.objects.order_by("rank"))


def asking(contest, user, **facts):
    facts = on_file(contest, **(facts or {"contest_class": "first"}))
    return correct_competition(contest.pk, facts, actor=user, note=WHY, asks=True)


@pytest.mark.parametrize("closed", ["open", "checked", "locked", "published"])
def test_one_changes_the_class_until_marks_are_locked_and_then_only_asks(item, hands, closed):
    marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)
    if closed != "open":
        workflow.check_marks(item.pk, actor=hands["second"])
    if closed in {"locked", "published"}:
        workflow.lock_marks(item.pk, actor=hands["approver"])
    if closed == "published":
        workflow.publish(item.pk, actor=hands["approver"])

    asking(item.competition, hands["handler"], contest_class="first", name="更正后的名称")

    contest = Competition.objects.get()
    told = (contest.contest_class, contest.asked_class, contest.name)
    is_open = closed == "open"
    assert told == ("first" if is_open else "second", "" if is_open else "first", "更正后的名称")


def test_another_agrees_and_stale_proposals_are_withdrawn_by_name(client, item, hands, proposals):
    contest = item.competition
    client.force_login(hands["handler"])
    sent = {name: value or "" for name, value in on_file(contest, contest_class="first").items()}
    answer = client.post(
        reverse("competitions:edit", args=[contest.code]),
        sent | {"note": WHY, "version": contest.version},
        follow=True,
    )
    assert "待另一人同意" in answer.content.decode()
    assert refused(asking, contest, hands["second"]) == "kind-asked"
    assert refused(change_kind, contest.pk, actor=hands["handler"], note=WHY) == "asker-cannot-change-kind"  # fmt: skip
    assert "竞赛级别、类别更正待同意" not in {one.title for one in staff_queues(hands["handler"])}
    (tile,) = [one for one in staff_queues(hands["second"]) if "级别、类别" in one.title]
    client.force_login(hands["second"])
    assert "同意更正" in client.get(tile.href).content.decode()
    address = reverse("competitions:deed", args=[contest.code, "change-kind"])
    question = client.get(address).content.decode()
    for one in proposals:
        assert f"{one.person.name}（{item}第{one.rank}名）" in question

    client.post(address, {"note": "与通知文件核对一致"})

    contest.refresh_from_db()
    assert (contest.contest_class, contest.kind_asked_by) == ("first", None)
    assert {one.state for one in Promotion.objects.all()} == {"withdrawn"}
    note = Record.objects.filter(code="workflow.corrected").latest("pk").note
    assert WHY in note
    assert str(hands["handler"]) in note
    told = Notice.objects.filter(recipient=hands["nominator"], title__contains="类别已更正")
    assert proposals[0].person.name in told.get().body
    later(propose, item.pk, actor=hands["handler"])
    assert Promotion.standing().count() == 2


def test_who_stands_in_for_the_asker_agrees_no_more_than_he_and_a_party_neither(
    item, hands, city, proposals
):
    contest = item.competition
    asking(contest, hands["handler"])
    stand_in = account(Role.APPROVER, city)
    lend(hands["handler"], stand_in)
    assert refused(change_kind, contest.pk, actor=again(stand_in), note=WHY) == "asker-cannot-change-kind"  # fmt: skip
    person = proposals[0].person
    type(person).objects.filter(pk=person.pk).update(
        identity_digest=bytes(hands["second"].owner_digest)
    )
    for act in (change_kind, keep_kind):
        assert refused(act, contest.pk, actor=hands["second"], note=WHY) == "party-to-the-item"


def test_what_was_asked_is_dropped_for_a_reason_and_everything_stays(item, hands, proposals):
    contest = item.competition
    assert refused(keep_kind, contest.pk, actor=hands["second"], note=WHY) == "kind-not-asked"
    asking(contest, hands["handler"])
    keep_kind(contest.pk, actor=hands["second"], note="通知文件列为二类")
    contest.refresh_from_db()
    assert (contest.contest_class, contest.kind_asked_by) == ("second", None)
    assert {one.state for one in Promotion.objects.all()} == {"proposed"}


def test_a_certified_rise_that_the_class_bears_out_no_more_is_named(item, hands, proposals):
    later(workflow.certify, proposals[0].pk, NUMBER, actor=hands["handler"])
    assert risen_in_vain(item) == []
    asking(item.competition, hands["handler"], level="enterprise")
    change_kind(item.competition_id, actor=hands["second"], note="按通知文件")

    (vain,) = risen_in_vain(Item.objects.get(pk=item.pk))

    assert vain == proposals[0]


def test_while_marks_are_given_anew_trade_group_and_numbers_stay(item, hands, proposals):
    entry = proposals[0].entry
    opened_again(entry, hands["second"], filed_by=hands["nominator"])
    item.refresh_from_db()
    for other in (
        {"occupation": "电焊工"},
        {"occupation_code": "6-18-02-04"},
        {"group": "students"},
    ):
        facts = on_file(item, **other)
        assert refused(correct_item, item.pk, facts, actor=hands["handler"], note=WHY) == "item-was-published"  # fmt: skip
    correct_item(item.pk, on_file(item, venue="一号馆"), actor=hands["handler"], note=WHY)
    entry.refresh_from_db()
    facts = on_file(entry, number="999")
    assert refused(correct_entry, entry.pk, facts, actor=hands["handler"], note=WHY) == "entry-was-published"  # fmt: skip
    assert Entry.objects.get(pk=entry.pk).number != "999"
    facts = on_file(entry, unit=item.competition.organizer)
    assert refused(correct_entry, entry.pk, facts, actor=hands["handler"], note=WHY) == "entry-was-published"  # fmt: skip
    coach = PersonFactory(organization=hands["unit"])
    assert refused(name_coach, entry.pk, coach, actor=hands["handler"]) == "entry-was-published"


def test_the_first_day_by_which_conditions_were_asked_stays(item, hands):
    marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)
    Item.objects.update(starts_on=None)
    published(item, hands)
    facts = on_file(item.competition, starts_on="2027-09-01")
    code = refused(
        correct_competition, item.competition_id, facts, actor=hands["handler"], note=WHY
    )
    assert code == "day-decided"


def test_the_database_asks_for_the_reason_too(item, hands):
    rows = Competition.objects.all()
    for facts in (
        {"asked_level": "city"},
        {"kind_asked_by": hands["handler"], "asked_level": "city"},
    ):
        with pytest.raises(IntegrityError, match="competition_kind_is_asked"), transaction.atomic():
            rows.update(**facts)


def test_by_a_table_or_by_a_party_the_class_is_not_changed_at_all(client, item, hands, city):
    """A table cannot wait for somebody else; who takes part gains by the class before marks are locked, too."""
    contest = item.competition
    entry = marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)
    digest = bytes(hands["second"].owner_digest)
    type(entry.person).objects.filter(pk=entry.person_id).update(identity_digest=digest)
    assert refused(asking, contest, hands["second"]) == "party-to-the-item"
    published(item, hands)
    facts = on_file(contest, contest_class="first")
    code = refused(correct_competition, contest.pk, facts, actor=hands["handler"], note=WHY)
    assert code == "kind-takes-two"
