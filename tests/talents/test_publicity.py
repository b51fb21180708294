"""From the ranking to the title: a list put up for working days, one objection, the reserve, naming."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from competitions.selectors.pool import RECOMMENDED, grounds_of, pool_in_scope
from organizations.roles import Role
from talents.models import Honour, Nomination, NoticeEntry, Objection, Person, PublicNotice, Review
from talents.rules.merit import in_order, tie_at
from talents.rules.ranking import TIES, ReviewRule
from talents.selectors.nominations import in_the_pool
from talents.services.rounds import set_requirements
from talents.workflow.objections import Reported, decide_objection, look_into, receive_objection
from talents.workflow.publicity import Slate, draft_notice, drop_notice, name_chosen, post_notice
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.reviews import ExpertFactory
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from workflow.models import Notice
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
SLATE = Slate(2, 1, "2026年第8次党组会纪要", "市总工会网站", "职工发展部 010-12345678")
FORCES = ("leading", "practice", "innovation", "tackling", "passing")


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", name="北京市总工会")


@pytest.fixture
def selection(city):
    """Four confirmed candidates with marks 90, 80, 80, 70."""
    call_command("load_calendar", verbosity=0)
    selection = RoundFactory(organizer=city)
    unit = with_child(city, "unit", name="东方示例公司")
    expert = ExpertFactory(organization=city, user=None)
    for mark in (90, 80, 80, 70):
        nomination = eligible_nomination(round=selection, unit=unit, occupation="焊工")
        Review.objects.create(
            nomination=nomination, expert=expert, status="submitted",
            submitted_at=timezone.now(), **{f"mark_{force}": mark for force in FORCES},
        )  # fmt: skip
    moved(Nomination.objects.filter(round=selection), Nomination.State.CHECKED)
    return selection


@pytest.fixture
def posted(selection, city):
    approver = account(Role.APPROVER, city)
    notice = draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city))
    return post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver)


class TestTheShares:
    """Women are to be half; those drawn up are men, the one left out is a woman."""

    def drawn_up(self, selection, city, *, is_hard):
        handler = account(Role.HANDLER, city)
        last = Nomination.objects.filter(round=selection).latest("pk")
        Person.objects.filter(pk=last.person_id).update(sex="2")
        shares = {
            "women": {"percent": 50, "bound": "least", "is_hard": is_hard},
            "real_economy": {"percent": 1, "bound": "most", "is_hard": False},
        }
        set_requirements(selection.pk, composition=shares, actor=handler, note="按轮次通知规定")
        return draft_notice(selection.pk, SLATE, actor=handler), last

    def test_a_list_that_misses_what_is_to_be_kept_is_not_put_up(self, selection, city):
        notice, woman = self.drawn_up(selection, city, is_hard=True)

        with pytest.raises(DomainError) as refused:
            post_notice(
                notice.pk, starts_on=timezone.localdate(), actor=account(Role.APPROVER, city)
            )

        assert refused.value.code == "composition-broken"
        out = notice.entries.get(position=2)
        assert (
            f"女职工0人，占0.0%，应不少于50%。改动最少的办法：以{woman.person.name}换下{out.name}"
            in str(refused.value)
        )

    def test_what_is_only_wanted_holds_nobody_up(self, selection, city):
        notice, _ = self.drawn_up(selection, city, is_hard=False)
        approver = account(Role.APPROVER, city)
        assert post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver).starts_on


def when_over(notice, monkeypatch):
    after = notice.ends_on + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: after)


def objected(entry, words="获奖项目并非本人完成"):
    return receive_objection(entry.pk, Reported("deeds", words, "李四 13800000000"))


def decided(objection, city, *, is_upheld):
    look_into(objection.pk, finding="已调阅项目档案", actor=account(Role.HANDLER, city))
    return decide_objection(objection.pk, is_upheld=is_upheld, actor=account(Role.APPROVER, city))


def test_the_list_follows_the_ranking_and_is_frozen_once_it_is_up(posted):
    entries = list(posted.entries.order_by("position"))

    assert [e.is_reserve for e in entries] == [False, False, True]
    assert entries[0].nomination.reviews.get().mark_leading == 90
    assert posted.days == 5
    assert posted.ends_on >= posted.starts_on + timedelta(days=4)
    with pytest.raises(Error, match="名单已经公示"), transaction.atomic():
        NoticeEntry.objects.filter(notice=posted).delete()
    assert Notice.objects.filter(title__contains="公示名单待发布").exists()


def test_whoever_drew_it_up_does_not_put_it_up(selection, city):
    approver = account(Role.APPROVER, city)
    notice = draft_notice(selection.pk, SLATE, actor=approver)

    with pytest.raises(DomainError) as refused:
        post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver)

    assert refused.value.code == "drafter-cannot-post"


def test_everybody_reads_the_list_without_a_number_and_may_object(posted, client):
    page = client.get(reverse("talents:public-notice", args=[posted.pk]))
    shown, entry = page.content.decode(), posted.entries.first()
    assert entry.name in shown
    assert entry.nomination.person.identity_mask not in shown

    form = reverse("talents:object", args=[posted.pk])
    answer = client.post(
        form, {"entry": entry.pk, "category": "deeds", "words": "获奖项目并非本人完成，请核查"}
    )

    assert answer.status_code == 200
    objection = Objection.objects.get()
    assert objection.receipt in answer.content.decode()
    assert objection.is_anonymous
    status = client.get(reverse("talents:receipt"), {"number": objection.receipt})
    assert "待核查" in status.content.decode()


def test_nobody_is_named_before_the_days_are_over_then_an_open_objection_holds_one_only(
    posted, city, monkeypatch
):
    approver = account(Role.APPROVER, city)
    first, second, reserve = posted.entries.order_by("position")
    objection = objected(second)
    with pytest.raises(DomainError) as early:
        name_chosen(posted.pk, document_number="京工发〔2026〕9号", actor=approver)
    assert early.value.code == "notice-not-over"
    when_over(posted, monkeypatch)

    honours = name_chosen(posted.pk, document_number="京工发〔2026〕9号", actor=approver)

    named = {honour.nomination for honour in honours}
    assert named == {first.nomination}
    assert reserve.nomination not in named
    assert [h.certificate_number for h in honours] == ["BE202600001"]
    assert {h.document_number for h in honours} == {"京工发〔2026〕9号"}
    assert Honour.objects.filter(state="valid", tier="beijing-great").count() == 1
    assert PublicNotice.objects.get().state == "concluded"
    assert objection.state == "received"
    with pytest.raises(Error, match="命名的称号不能删除"), transaction.atomic():
        Honour.objects.all().delete()


def test_a_dismissed_objection_holds_nobody_and_numbers_go_on_where_they_stood(
    posted, city, monkeypatch
):
    HonourFactory(certificate_number="BE202600041", organization=city)
    second = posted.entries.get(position=2)
    decided(objected(second), city, is_upheld=False)
    when_over(posted, monkeypatch)

    honours = name_chosen(
        posted.pk, document_number="京工发〔2026〕9号", actor=account(Role.APPROVER, city)
    )

    assert honours[1].nomination == second.nomination
    assert [h.certificate_number for h in honours] == ["BE202600042", "BE202600043"]


def test_an_objection_is_decided_by_another_than_who_looked_into_it(posted, city):
    approver = account(Role.APPROVER, city)
    objection = objected(posted.entries.first())
    look_into(objection.pk, finding="已调阅项目档案", actor=approver)

    with pytest.raises(DomainError) as refused:
        decide_objection(objection.pk, is_upheld=True, actor=approver)

    assert refused.value.code == "investigator-cannot-decide"


def test_what_has_changed_since_goes_up_again_as_a_new_version_whose_days_begin_anew(
    posted, selection, city, monkeypatch
):
    entry = posted.entries.first()
    type(entry.nomination.person).objects.filter(pk=entry.nomination.person_id).update(name="改名")
    objection = decided(objected(posted.entries.get(position=2)), city, is_upheld=True)
    with monkeypatch.context() as later:
        when_over(posted, later)
        with pytest.raises(DomainError) as refused:
            name_chosen(posted.pk, document_number="文", actor=account(Role.APPROVER, city))
    assert refused.value.code == "noticed-field-changed"

    again = draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city))

    posted.refresh_from_db()
    assert (again.version, posted.state) == (2, "posted")
    assert again.entries.first().name == "改名"
    assert objection.entry.nomination not in {e.nomination for e in again.entries.all()}
    approver, tomorrow = account(Role.APPROVER, city), timezone.localdate() + timedelta(days=1)
    with pytest.raises(DomainError) as refused:
        post_notice(again.pk, starts_on=tomorrow, actor=approver)
    assert refused.value.code == "gap-between-lists"
    with monkeypatch.context() as later:
        when_over(posted, later)
        next_week = timezone.localdate() + timedelta(days=7)
        post_notice(again.pk, starts_on=next_week, actor=approver)
    posted.refresh_from_db()
    again.refresh_from_db()
    assert (posted.state, again.state) == ("replaced", "posted")
    assert again.ends_on > posted.ends_on


def shown_to_everybody(client):
    page = client.get(reverse("talents:public-notices")).content.decode()
    return {
        notice.version
        for notice in PublicNotice.objects.all()
        if reverse("talents:public-notice", args=[notice.pk]) in page
    }


def test_the_list_that_is_up_stays_up_until_its_next_version_is(client, posted, selection, city):
    handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
    second = draft_notice(selection.pk, SLATE, actor=handler)
    assert shown_to_everybody(client) == {1}
    objected(posted.entries.first())
    with pytest.raises(DomainError) as refused:
        draft_notice(selection.pk, SLATE, actor=handler)
    assert refused.value.code == "notice-at-hand"

    drop_notice(second.pk, actor=handler, note="会议纪要编号写错")
    assert shown_to_everybody(client) == {1}
    assert client.get(reverse("talents:public-notice", args=[posted.pk])).status_code == 200

    third = draft_notice(selection.pk, SLATE, actor=handler)
    post_notice(third.pk, starts_on=timezone.localdate(), actor=approver)
    assert shown_to_everybody(client) == {3}


def test_nobody_is_named_by_a_list_whose_next_version_is_drawn_up(
    posted, selection, city, monkeypatch
):
    handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
    second = draft_notice(selection.pk, SLATE, actor=handler)
    when_over(posted, monkeypatch)

    with pytest.raises(DomainError) as refused:
        name_chosen(posted.pk, document_number="京工发〔2026〕9号", actor=approver)
    assert refused.value.code == "next-list-at-hand"

    drop_notice(second.pk, actor=handler, note="名单无须更正")
    assert len(name_chosen(posted.pk, document_number="京工发〔2026〕9号", actor=approver)) == 2


def test_an_objection_that_is_open_holds_the_person_on_the_next_version_too(
    client, posted, selection, city, monkeypatch
):
    second = posted.entries.get(position=2)
    objection = objected(second)
    handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
    again = draft_notice(selection.pk, SLATE, actor=handler)
    again = post_notice(again.pk, starts_on=timezone.localdate(), actor=approver)
    client.force_login(handler)
    page = client.get(reverse("talents:notice", args=[again.pk])).content.decode()
    assert page.count("异议暂缓") == 1
    when_over(again, monkeypatch)

    honours = name_chosen(again.pk, document_number="京工发〔2026〕9号", actor=approver)

    assert objection.state == "received"
    assert second.nomination not in {honour.nomination for honour in honours}
    assert len(honours) == 1


def test_what_has_changed_in_a_list_before_it_goes_up_is_drawn_up_anew(client, selection, city):
    handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
    notice = draft_notice(selection.pk, SLATE, actor=handler)
    person = notice.entries.first().nomination.person
    Person.objects.filter(pk=person.pk).update(name="改名")
    today = timezone.localdate()

    with pytest.raises(DomainError) as refused:
        post_notice(notice.pk, starts_on=today, actor=approver)
    assert refused.value.code == "noticed-field-changed"
    with pytest.raises(DomainError) as refused:
        drop_notice(notice.pk, actor=handler, note=" ")
    assert refused.value.code == "reason-required"

    client.force_login(handler)
    page = client.get(reverse("talents:notice", args=[notice.pk])).content.decode()
    assert reverse("talents:notice-drop", args=[notice.pk]) in page
    answer = client.post(
        reverse("talents:notice-drop", args=[notice.pk]), {"note": "姓名已更正，重新拟定"}
    )
    assert answer.status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.starts_on) == ("dropped", None)
    assert client.get(reverse("talents:public-notice", args=[notice.pk])).status_code == 404
    again = draft_notice(selection.pk, SLATE, actor=handler)
    assert (again.version, again.entries.first().name) == (2, "改名")
    assert post_notice(again.pk, starts_on=today, actor=approver).state == "posted"
    with pytest.raises(DomainError):
        drop_notice(again.pk, actor=handler, note="已在公示")


def test_no_list_is_drawn_up_while_marks_are_missing(selection, city):
    nomination = selection.nominations.first()
    Review.objects.create(nomination=nomination, expert=ExpertFactory(organization=city, user=None))

    with pytest.raises(DomainError) as refused:
        draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city))

    assert refused.value.code == "review-not-over"


def test_who_was_recommended_and_not_named_stands_in_the_talent_pool(posted, city, monkeypatch):
    in_round = Nomination.objects.filter(round=posted.round)
    assert list(in_the_pool(in_round)) == []
    when_over(posted, monkeypatch)
    honours = name_chosen(
        posted.pk, document_number="京工发〔2026〕9号", actor=account(Role.APPROVER, city)
    )
    pool = in_the_pool(in_round)
    assert pool.exists()
    assert set(pool) == set(in_round.filter(state="checked")) - {h.nomination for h in honours}
    keeper = account(Role.HANDLER, city)
    persons = {person.pk for person in pool_in_scope(keeper, RECOMMENDED)}
    assert persons == {nomination.person_id for nomination in pool}
    words = f"推荐未入选：{pool[0].round}"
    assert grounds_of(persons, keeper) == {pk: [words] for pk in persons}


class TestTies:
    """The second and the third have equal marks; the rule says in words how they follow one another."""

    def test_where_the_last_place_falls_within_a_tie_both_pages_say_so(
        self, selection, city, client
    ):
        client.force_login(account(Role.HANDLER, city))
        names = [row.person.name for row in selection.nominations.order_by("pk")]
        form = client.get(reverse("talents:notice-new", args=[selection.code])).content.decode()
        assert f"第2至3名（{names[1]}、{names[2]}）" in form
        assert TIES in form
        assert ReviewRule.of(selection).in_words.endswith(TIES)

        notice = draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city))

        page = client.get(reverse("talents:notice", args=[notice.pk])).content.decode()
        assert f"第2个名额落在并列第2名的2人之间（{names[1]}、{names[2]}）" in page

    @pytest.mark.parametrize(("places", "tied"), [(0, 0), (1, 0), (2, 2), (3, 0), (4, 0)])
    def test_a_tie_is_told_only_where_the_places_end_within_it(self, selection, places, tied):
        assert len(tie_at(in_order(selection), places)) == tied
