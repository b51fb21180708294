"""What a panel decided: handed in, confirmed by another, corrected, and the lists that follow from it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import Error, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.documents.panels import minutes_of
from talents.models import Expert, Nomination, Panel, PanelDecision, PanelRecusal, PublicNotice
from talents.rules.panels import Vote
from talents.selectors.panels import decisions_of, members_of, panel_queues
from talents.services.panel_corrections import correct_panel
from talents.services.panels import (
    declare_recusal,
    enter_votes,
)
from talents.workflow import return_nomination
from talents.workflow.panels import confirm_panel, drop_panel, return_panel, submit_panel
from talents.workflow.publicity import Slate, draft_notice, name_chosen, post_notice
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.panels import (
    confirmed,
    convened,
    minutes,
    reviewed_round,
    submitted,
    voted,
)
from tests.factories.reviews import ExpertFactory
from tests.refusals import refused
from workflow.models import Notice, Record
from workflow.records import subject_of

pytestmark = pytest.mark.django_db
NUMBER = "评审纪要〔2026〕1号"


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", name="北京市总工会")


@pytest.fixture
def selection(city):
    """Four confirmed candidates with marks 90, 80, 80, 70, under the edition that asks for five members."""
    call_command("load_calendar", verbosity=0)
    return reviewed_round(city)


class TestTwoPersons:
    def test_nothing_is_handed_in_that_is_not_decided(self, selection):
        panel = voted(convened(selection), "name", "name")
        assert refused(submit_panel, panel.pk, actor=panel.entered_by) == "votes-missing"

    def test_who_entered_it_does_not_confirm_it_and_another_does(self, selection, city):
        enterer, other = account(Role.APPROVER, city), account(Role.APPROVER, city)
        panel = submitted(selection, actor=enterer)
        assert Notice.objects.filter(title__contains="表决结果待确认", recipient=other).exists()

        assert refused(confirm_panel, panel.pk, actor=enterer) == "enterer-cannot-confirm"
        assert (
            refused(confirm_panel, panel.pk, actor=account(Role.HANDLER, city)) == "role-required"
        )
        confirm_panel(panel.pk, actor=other)

        panel.refresh_from_db()
        assert (panel.state, panel.confirmed_by) == ("confirmed", other)
        record = Record.objects.get(subject=subject_of(panel), code="talents.panel-confirmed")
        assert record.after["places"] == 2
        assert record.after["reserve"] == 1

    def test_the_votes_are_entered_by_who_entered_the_meeting(self, selection, city):
        panel = convened(selection)
        line = panel.decisions.first()
        votes = {line.pk: Vote(5, 0, 0, "name")}
        assert (
            refused(enter_votes, panel.pk, votes, actor=account(Role.HANDLER, city))
            == "entered-by-another"
        )

    def test_nobody_confirms_what_was_decided_about_themself(self, selection, city):
        panel = submitted(selection)
        person = panel.decisions.first().nomination.person
        own = account(Role.APPROVER, city, user__owner_digest=person.identity_digest)
        assert refused(confirm_panel, panel.pk, actor=own) == "own-name-on-list"

    def test_given_back_it_is_put_right_and_handed_in_again(self, selection, city):
        panel, approver = submitted(selection), account(Role.APPROVER, city)
        assert refused(return_panel, panel.pk, actor=approver, note="") == "reason-required"
        return_panel(panel.pk, actor=approver, note="第三名票数与纪要不符")
        voted(panel, "name", "reserve", "reserve", "reject")
        submit_panel(panel.pk, actor=panel.entered_by)
        assert confirm_panel(panel.pk, actor=approver).state == "confirmed"

    @pytest.mark.parametrize("state", ["submitted", "confirmed"])
    def test_handed_in_nothing_of_it_is_changed(self, selection, state):
        panel = (submitted if state == "submitted" else confirmed)(selection)
        votes = {panel.decisions.first().pk: Vote(5, 0, 0, "reject", "另议")}
        assert refused(enter_votes, panel.pk, votes, actor=panel.entered_by) == "illegal-transition"
        line, member = panel.decisions.first(), panel.members.first()
        for change in (
            lambda: PanelDecision.objects.filter(pk=line.pk).update(reason="x"),
            lambda: PanelRecusal.objects.create(member=member, decision=line, ground="unit"),
            lambda: panel.members.create(expert=ExpertFactory(), name="x"),
        ):
            with pytest.raises(Error, match="表决结果已经报送确认"), transaction.atomic():
                change()

    def test_a_second_meeting_waits_until_the_first_is_settled(self, selection, city):
        panel = convened(selection)
        assert refused(convened, selection) == "panel-at-hand"
        drop_panel(panel.pk, actor=account(Role.HANDLER, city), note="委员名单有误")
        again = confirmed(selection)
        assert again.number == 2
        assert refused(convened, selection) == "panel-has-decided"
        facts = {"round": selection, "held_on": timezone.localdate(), "minutes_number": "x"}
        Panel.objects.create(number=8, entered_by=panel.entered_by, **facts)
        with pytest.raises(IntegrityError, match="one_entered_at_a_time"), transaction.atomic():
            Panel.objects.create(number=9, entered_by=panel.entered_by, **facts)


def slate(places=2, reserve=1, number=NUMBER):
    return Slate(places, reserve, number, "市总工会网站", "职工发展部 010-12345678")


class TestTheListFollows:
    def test_who_is_named_and_who_stands_in_reserve_is_as_decided(self, selection, city):
        voted_out = "表决未通过"
        panel = convened(selection)
        rows = list(panel.decisions.order_by("position"))
        enter_votes(
            panel.pk,
            {
                rows[0].pk: Vote(5, 0, 0, "name"),
                rows[1].pk: Vote(1, 4, 0, "reject", voted_out),
                rows[2].pk: Vote(3, 2, 0, "reserve", "专业集中，列入后备"),
                rows[3].pk: Vote(4, 1, 0, "name"),
            },
            actor=panel.entered_by,
        )
        submit_panel(panel.pk, actor=panel.entered_by)
        confirm_panel(panel.pk, actor=account(Role.APPROVER, city))

        notice = draft_notice(selection.pk, slate(), actor=account(Role.HANDLER, city))

        listed = [(e.nomination_id, e.is_reserve) for e in notice.entries.order_by("position")]
        assert listed == [
            (rows[0].nomination_id, False), (rows[3].nomination_id, False), (rows[2].nomination_id, True),
        ]  # fmt: skip
        assert notice.panel == panel

    @pytest.mark.parametrize("other", [slate(3), slate(reserve=0), slate(number="另一纪要")])
    def test_another_number_than_decided_is_refused(self, selection, city, other):
        confirmed(selection)
        assert refused(draft_notice, selection.pk, other, actor=account(Role.HANDLER, city)) == (
            "slate-not-of-panel"
        )

    def test_no_list_is_drawn_up_while_a_meeting_waits(self, selection, city):
        submitted(selection)
        assert (
            refused(draft_notice, selection.pk, slate(), actor=account(Role.HANDLER, city))
            == "panel-at-hand"
        )

    def test_the_form_shows_what_was_decided_and_takes_nothing_else(self, selection, city, client):
        confirmed(selection)
        client.force_login(account(Role.HANDLER, city))
        form = reverse("talents:notice-new", args=[selection.code])
        facts = {
            "places": 9,
            "reserve": 9,
            "minutes_number": "x",
            "posted_at": "网站",
            "contact": "部门",
        }

        assert "按评审委员会已确认的表决结果" in client.get(form).content.decode()
        client.post(form, facts)

        notice = PublicNotice.objects.get()
        assert (notice.places, notice.minutes_number) == (2, NUMBER)

    def test_who_may_not_go_up_any_more_leaves_the_place_to_the_reserve(self, selection, city):
        panel = confirmed(selection)
        first = panel.decisions.get(position=1).nomination
        return_nomination(first.pk, actor=account(Role.HANDLER, city), note="材料存疑，退回核实")

        notice = draft_notice(selection.pk, slate(2, 0), actor=account(Role.HANDLER, city))
        assert notice.entries.count() == 2
        assert not notice.entries.filter(is_reserve=True).exists()

    def test_without_a_panel_the_list_follows_the_ranking_as_before(self, selection, city):
        notice = draft_notice(
            selection.pk, slate(1, 1, "党组会"), actor=account(Role.HANDLER, city)
        )
        assert notice.panel is None
        assert notice.entries.count() == 2


class TestCorrecting:
    def corrected(self, panel, city):
        handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
        made = correct_panel(
            panel.pk,
            minutes("评审纪要〔2026〕1号（更正）"),
            actor=handler,
            note="第二名票数登记有误",
        )
        voted(made, "name", "reserve", "reserve", "reject")
        submit_panel(made.pk, actor=handler)
        return confirm_panel(made.pk, actor=approver)

    def test_a_second_one_confirmed_by_another_takes_its_place_and_both_stay(self, selection, city):
        panel = confirmed(selection)
        made = self.corrected(panel, city)

        panel.refresh_from_db()
        assert (panel.state, made.state, made.corrects) == ("replaced", "confirmed", panel)
        assert made.members.count() == panel.members.count()
        assert list(panel.decisions.values_list("decision", flat=True)) == [
            "name",
            "name",
            "reserve",
            "reject",
        ]

    def test_it_wants_a_reason_and_something_confirmed(self, selection, city):
        handler = account(Role.HANDLER, city)
        panel = submitted(selection)
        assert (
            refused(correct_panel, panel.pk, minutes(), actor=handler, note="改")
            == "panel-not-confirmed"
        )
        confirm_panel(panel.pk, actor=account(Role.APPROVER, city))
        assert (
            refused(correct_panel, panel.pk, minutes(), actor=handler, note=" ")
            == "reason-required"
        )

    def test_a_list_of_the_former_decision_is_neither_put_up_nor_named(
        self, selection, city, monkeypatch
    ):
        panel = confirmed(selection)
        notice = draft_notice(selection.pk, slate(), actor=account(Role.HANDLER, city))
        approver = account(Role.APPROVER, city)
        post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver)
        self.corrected(panel, city)
        notice.refresh_from_db()
        after = notice.ends_on + timedelta(days=1)
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: after)

        assert (
            refused(name_chosen, notice.pk, document_number="京工发1号", actor=approver)
            == "notice-not-of-panel"
        )

        again = draft_notice(
            selection.pk,
            slate(1, 2, "评审纪要〔2026〕1号（更正）"),
            actor=account(Role.HANDLER, city),
        )
        assert again.version == 2

    def test_once_named_nothing_is_corrected(self, selection, city, monkeypatch):
        panel = confirmed(selection)
        notice = draft_notice(selection.pk, slate(), actor=account(Role.HANDLER, city))
        approver = account(Role.APPROVER, city)
        post_notice(notice.pk, starts_on=timezone.localdate(), actor=approver)
        notice.refresh_from_db()
        after = notice.ends_on + timedelta(days=1)
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: after)
        name_chosen(notice.pk, document_number="京工发1号", actor=approver)
        assert (
            refused(
                correct_panel,
                panel.pk,
                minutes(),
                actor=account(Role.HANDLER, city),
                note="票数有误",
            )
            == "round-named"
        )


class TestPages:
    def test_from_the_home_to_the_desk_to_the_confirmed_minutes(self, selection, city, client):
        handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
        experts = ExpertFactory.create_batch(5, organization=city, user=None)
        client.force_login(handler)
        desk = client.get(reverse("talents:review-desk", args=[selection.code])).content.decode()
        new = reverse("talents:panel-new", args=[selection.code])
        assert new in desk
        client.post(new, {
            "held_on": f"{timezone.localdate()}", "place": "", "minutes_number": NUMBER, "tabled": 4,
            "experts": [one.pk for one in experts],
        })  # fmt: skip
        panel = Panel.objects.get()
        sheet = {}
        for row, decision in zip(
            panel.decisions.order_by("position"), ("name", "name", "reserve", "reject"), strict=True
        ):
            ayes = 0 if decision == "reject" else 5
            sheet |= {
                f"for-{row.pk}": ayes, f"against-{row.pk}": 5 - ayes, f"abstain-{row.pk}": 0,
                f"decision-{row.pk}": decision, f"reason-{row.pk}": "",
            }  # fmt: skip
        client.post(reverse("talents:panel-votes", args=[panel.pk]), sheet)
        client.post(reverse("talents:panel-submit", args=[panel.pk]))

        client.force_login(approver)
        own = reverse("talents:panel", args=[panel.pk])
        assert [q.href for q in panel_queues(approver)] == [own]
        assert own in client.get("/").content.decode()
        client.post(reverse("talents:panel-confirm", args=[panel.pk]))

        panel.refresh_from_db()
        assert panel.state == "confirmed"
        page = client.get(own).content.decode()
        assert "建议命名" in page
        assert "列入后备" in page
        for kind in ("docx", "pdf"):
            paper = client.get(reverse("talents:panel-paper", args=[panel.pk, kind]))
            assert paper.status_code == 200

    def test_a_half_filled_line_is_said_at_its_field(self, selection, client):
        panel = convened(selection)
        client.force_login(panel.entered_by)
        row = panel.decisions.first()
        answer = client.post(
            reverse("talents:panel-votes", args=[panel.pk]),
            {f"for-{row.pk}": 3, f"decision-{row.pk}": "name"},
        )
        assert answer.status_code == 422
        assert "三项票数与决定请一并填写" in answer.content.decode()

    def test_the_minutes_tell_the_votes_and_who_stood_back(self, selection, city):
        panel = convened(selection)
        member = panel.members.first()
        declare_recusal(
            panel.pk, member=member.pk, decision=panel.decisions.get(position=1).pk, told="系亲属",
            actor=panel.entered_by,
        )  # fmt: skip
        voted(panel)
        paper = minutes_of(
            panel,
            list(members_of(panel.entered_by, panel)),
            list(decisions_of(panel.entered_by, panel)),
        )

        votes, back = paper.tables
        assert votes.rows[0][5:10] == ["4", "4", "0", "0", "建议命名"]
        assert back.rows == [[votes.rows[0][1], member.name, "本人申明", "系亲属"]]
        assert paper.title.endswith("（待确认）")
        assert Expert.objects.filter(name=member.name).exists()
        assert Nomination.objects.filter(round=selection).count() == 4
