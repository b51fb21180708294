"""Shares that are to be kept are kept at naming, too; the panel makes the exchange that mends them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Honour, Nomination, PanelDecision, Person
from talents.rules.succession import Succession
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


def worked_off():
    for job in Job.objects.filter(status="queued"):
        jobs.run(job.pk)


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
    def test_keeps_the_place_and_counts_so_that_the_others_are_named(
        self, selection, city, monkeypatch  # noqa: F811
    ):  # fmt: skip
        """One of two is to be a woman; an open objection to her holds her only."""
        women(selection, 1)
        asking(selection, 50)
        notice = up(selection)
        objection = objected(entry(notice, 1))
        when_over(notice, monkeypatch)
        assert [honour.nomination for honour in name(notice)] == [entry(notice, 2).nomination]
        worked_off()
        decided(objection, city, is_upheld=False)
        assert [h.nomination for h in name(notice, LATER)] == [entry(notice, 1).nomination]

    @pytest.mark.parametrize("percent", [50, 51])
    def test_fallen_away_later_the_next_who_keeps_the_share_moves_up(
        self, selection, city, monkeypatch, client, percent  # noqa: F811
    ):  # fmt: skip
        """Two women; the second falls away once the first is named; a man and a woman are in reserve."""
        women(selection, 1, 2, 4)
        asking(selection, percent)
        handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
        slate = Slate(2, 2, "纪要", "网站", "电话")
        notice = draft_notice(selection.pk, slate, actor=handler)
        notice = post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver)
        man, woman = entry(notice, 3), entry(notice, 4)
        objection = objected(entry(notice, 2))
        when_over(notice, monkeypatch)
        assert len(name(notice)) == 1
        worked_off()
        decided(objection, city, is_upheld=True)
        words = f"{man.name}递补后不符合轮次规定的结构比例，不递补，由其后的候补依次递补"
        client.force_login(approver)
        pages = [
            client.get(reverse(f"talents:{page}", args=[notice.pk])).content.decode()
            for page in ("notice", "notice-name")
        ]
        is_passed_over = percent > 50
        assert [words in page for page in pages] == [is_passed_over] * 2

        (named,) = name(notice, LATER)

        assert named.nomination == (woman if is_passed_over else man).nomination
        record = Record.objects.get(code="talents.notice-named-later")
        assert (words in record.note) == is_passed_over

    def test_where_nobody_in_reserve_keeps_it_the_place_stays_vacant_and_it_is_said(
        self, selection, city, monkeypatch, client  # noqa: F811
    ):  # fmt: skip
        women(selection, 1, 2)
        asking(selection, 51)
        notice = up(selection)
        objection = objected(entry(notice, 2))
        when_over(notice, monkeypatch)
        assert len(name(notice)) == 1
        worked_off()
        decided(objection, city, is_upheld=True)
        client.force_login(account(Role.APPROVER, city))
        page = client.get(reverse("talents:notice", args=[notice.pk])).content.decode()
        assert (
            f"{entry(notice, 3).name}递补后不符合轮次规定的结构比例，不递补；余下1个名额空缺"
            in page
        )
        assert refused(name, notice, LATER).code == "illegal-transition"

    def test_the_meter_counts_whose_places_they_are_today(self, selection, city, client):  # noqa: F811
        women(selection, 1, 3)
        asking(selection, 50)
        notice = up(selection)

        def share():
            one = next(
                s for s in composition_of(Succession(notice)).shares if s.asked.group == "women"
            )
            return one.count, one.whole

        assert share() == (1, 2)
        objection = objected(entry(notice, 2))
        assert share() == (1, 2), "whom an objection holds keeps the place"
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

    def test_keeps_what_was_entered_as_a_reason_before(self, panel):
        out, into = panel.decisions.get(position=2), panel.decisions.get(position=4)
        PanelDecision.objects.filter(pk=out.pk).update(reason="近年事迹不突出")
        keys = {"out": out.pk, "into": into.pk, "actor": panel.entered_by}

        exchange(panel.pk, note="女职工比例应不少于50%", **keys)

        out.refresh_from_db()
        into.refresh_from_db()
        assert out.reason == f"近年事迹不突出；{into.reason}"
        assert into.reason.endswith("女职工比例应不少于50%")

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
