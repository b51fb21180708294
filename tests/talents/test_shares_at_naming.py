"""Shares that are to be kept are kept at naming, too; the panel makes the exchange that mends them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Honour, Nomination, Person
from talents.services.exchanging import exchange
from talents.services.rounds import set_requirements
from talents.workflow.composing import composition_of, composition_of_panel
from talents.workflow.panels import confirm_panel, submit_panel
from talents.workflow.publicity import Slate, draft_notice, name_chosen, post_notice
from tests.factories.organizations import account
from tests.factories.panels import convened, reviewed_round, voted
from tests.talents.test_publicity import (  # noqa: F401
    SLATE,
    city,
    decided,
    objected,
    selection,
    when_over,
)
from workflow import jobs
from workflow.models import Job, Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
FIRST, LATER = "京工发〔2026〕9号", "京工发〔2026〕12号"


def asking(selection, percent):  # noqa: F811
    """So many of a hundred are to be women, without exception."""
    shares = {"women": {"percent": percent, "bound": "least", "is_hard": True}}
    staff = account(Role.HANDLER, selection.organizer)
    set_requirements(selection.pk, composition=shares, actor=staff, note="按轮次通知规定")


def women(selection, *places):  # noqa: F811
    """Those at these places of the ranking."""
    rows = list(selection.nominations.order_by("pk"))
    Person.objects.filter(pk__in=[rows[place - 1].person_id for place in places]).update(sex="2")
    return [row.person.name for row in rows]


def up(selection):  # noqa: F811
    notice = draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, selection.organizer))
    approver = account(Role.APPROVER, selection.organizer)
    return post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver)


def entry(notice, place):
    return notice.entries.get(position=place)


def name(notice, number=FIRST):
    return name_chosen(
        notice.pk, document_number=number, actor=account(Role.APPROVER, notice.organization)
    )


def refused(act, *args, **words):
    with pytest.raises(DomainError) as refusal:
        act(*args, **words)
    return refusal.value


class TestTheReserve:
    def test_who_moves_up_and_breaks_the_share_stops_the_naming(self, selection, city, monkeypatch):  # noqa: F811
        one, two, three, four = women(selection, 1, 4)
        asking(selection, 50)
        notice = up(selection)
        decided(objected(entry(notice, 1)), city, is_upheld=True)
        when_over(notice, monkeypatch)

        refusal = refused(name, notice)

        assert refusal.code == "composition-broken"
        for said in (
            f"女职工0人，占0.0%，应不少于50%（{one}异议成立，不计入；{three}由候补递补）",
            f"以{four}换下{three}，由评审委员会会议作出调换",
        ):
            assert said in refusal.message
        assert two not in refusal.message
        assert not Honour.objects.exists()

    @pytest.mark.parametrize(("percent", "is_met"), [(50, True), (51, False)])
    def test_exactly_at_the_share_it_goes_on(self, selection, city, monkeypatch, percent, is_met):  # noqa: F811
        women(selection, 1, 2)
        asking(selection, percent)
        notice = up(selection)
        decided(objected(entry(notice, 1)), city, is_upheld=True)
        when_over(notice, monkeypatch)
        if is_met:
            assert len(name(notice)) == 2
        else:
            assert refused(name, notice).code == "composition-broken"

    def test_a_share_that_is_only_wanted_stops_nobody(self, selection, city, monkeypatch):  # noqa: F811
        women(selection, 1)
        asking(selection, 50)
        notice = up(selection)
        decided(objected(entry(notice, 1)), city, is_upheld=True)
        selection.refresh_from_db()
        selection.composition["women"]["is_hard"] = False
        selection.save(update_fields=["composition"])
        when_over(notice, monkeypatch)
        assert len(name(notice)) == 2


class TestWhoIsHeld:
    def test_is_not_counted_until_the_objection_is_decided(self, selection, city, monkeypatch):  # noqa: F811
        one, *_ = women(selection, 1)
        asking(selection, 50)
        notice = up(selection)
        objection = objected(entry(notice, 1))
        when_over(notice, monkeypatch)
        assert f"{one}异议未办结，不计入" in refused(name, notice).message
        decided(objection, city, is_upheld=False)
        assert len(name(notice)) == 2

    @pytest.mark.parametrize(("percent", "is_met"), [(50, True), (51, False)])
    def test_named_later_they_count_with_those_named_before(
        self, selection, city, monkeypatch, percent, is_met  # noqa: F811
    ):  # fmt: skip
        """Two women; about the second there is an objection, and a man would take the place."""
        women(selection, 1, 2)
        asking(selection, percent)
        notice = up(selection)
        objection = objected(entry(notice, 2))
        when_over(notice, monkeypatch)
        assert len(name(notice)) == 1
        for job in Job.objects.filter(status="queued"):
            jobs.run(job.pk)
        decided(objection, city, is_upheld=True)
        if is_met:
            assert len(name(notice, LATER)) == 1
        else:
            assert refused(name, notice, LATER).code == "composition-broken"

    def test_the_meter_counts_who_would_be_named_today(self, selection, city, client):  # noqa: F811
        women(selection, 1, 3)
        asking(selection, 50)
        notice = up(selection)

        def share():
            one = next(s for s in composition_of(notice).shares if s.asked.group == "women")
            return one.count, one.whole

        assert share() == (1, 2)
        objection = objected(entry(notice, 2))
        assert share() == (1, 1), "whom an objection holds is not named today"
        decided(objection, city, is_upheld=True)
        assert share() == (2, 2), "and the reserve moves up where it was upheld"
        client.force_login(account(Role.APPROVER, city))
        page = client.get(reverse("talents:notice", args=[notice.pk])).content.decode()
        assert "2 / 2" in page


class TestThePanel:
    @pytest.fixture
    def panel(self, selection, city):  # noqa: F811
        """Two men are to be named, one in reserve; the last on the table is a woman, not put forward."""
        made = reviewed_round(city)
        women(made, 4)
        asking(made, 50)
        return voted(convened(made))

    def test_makes_the_exchange_that_is_named_and_the_list_follows_it(self, panel, city, client):  # noqa: F811
        (swap,) = composition_of_panel(panel).swaps
        lines = {row.nomination_id: row for row in panel.decisions.all()}
        out, into = lines[swap.out.pk], lines[swap.into.pk]
        assert (out.position, into.position) == (2, 4)
        client.force_login(panel.entered_by)
        address = reverse("talents:panel-exchange", args=[panel.pk])
        assert address in client.get(reverse("talents:panel", args=[panel.pk])).content.decode()
        form = client.get(address).context["form"]
        assert (form["out"].value(), form["into"].value()) == (out.pk, into.pk)

        client.post(address, {"out": out.pk, "into": into.pk, "note": "女职工比例应不少于50%"})

        said = dict(panel.decisions.values_list("position", "decision"))
        assert said == {1: "name", 2: "reserve", 3: "reserve", 4: "name"}
        reasons = panel.decisions.filter(reason__contains="女职工比例应不少于50%")
        assert set(reasons.values_list("position", flat=True)) == {2, 3, 4}, (
            "and who is passed over"
        )
        assert Record.objects.filter(code="talents.panel-exchanged").count() == 1
        assert composition_of_panel(panel).broken == []
        submit_panel(panel.pk, actor=panel.entered_by)
        confirm_panel(panel.pk, actor=account(Role.APPROVER, city))
        slate = Slate(2, 2, panel.minutes_number, "市总工会网站", "职工发展部")
        notice = draft_notice(panel.round_id, slate, actor=account(Role.HANDLER, city))
        drawn = list(notice.entries.order_by("position").values_list("nomination", flat=True))
        order = list(panel.decisions.order_by("position").values_list("nomination", flat=True))
        assert drawn == [order[0], order[3], order[1], order[2]]
        approver = account(Role.APPROVER, city)
        assert post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver).starts_on

    def test_by_who_entered_the_meeting_with_a_reason_and_of_its_table(self, panel, city):  # noqa: F811
        out, into = panel.decisions.get(position=2), panel.decisions.get(position=4)
        keys = {"out": out.pk, "into": into.pk}
        mine = {"note": "女职工比例", "actor": panel.entered_by}
        other = account(Role.HANDLER, city)
        code = refused(exchange, panel.pk, **keys, note="女职工比例", actor=other).code
        assert code == "entered-by-another"
        blank = refused(exchange, panel.pk, **keys, note=" ", actor=panel.entered_by)
        assert blank.code == "reason-required"
        unfit = refused(exchange, panel.pk, out=into.pk, into=out.pk, **mine)
        assert unfit.code == "exchange-unfit"
        strange = refused(exchange, panel.pk, out=out.pk, into=0, **mine)
        assert strange.code == "not-on-the-table"
        submit_panel(panel.pk, actor=panel.entered_by)
        assert refused(exchange, panel.pk, **keys, **mine).code == "illegal-transition"
        assert Nomination.objects.filter(panel_decisions__decision="name").count() == 2
