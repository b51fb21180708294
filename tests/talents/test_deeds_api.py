"""Cultivation, studios, draws, lists and objections over HTTP: done by who may, refused by code, foreign is 404."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents.models import (
    BoostYear,
    Cultivation,
    CultivationGoal,
    CultivationReport,
    Draw,
    NoticeCheck,
    Objection,
    Review,
    Studio,
    StudioMember,
    StudioProject,
)
from talents.services.persons import keep_certificate
from tests.factories.growth import PairFactory, consented, cultivated
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.policies import with_policy
from tests.factories.publicity import posted_notice, received_objection
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.studios import named_studio, project_of, titled
from tests.factories.talents import POLICY, PersonFactory, RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from workflow.corrections import version_of

pytestmark = pytest.mark.django_db
BEIJING = "北京大工匠（京津冀大工匠）"
REASON = {"note": "核对后办理"}
AIM = {"kind": "passing", "goal": "带徒两人", "shown_by": "出师评定", "due_on": "2027-06-30"}
REPORTED = {"words": "完成两项攻关，带徒三人，按计划进行"}
NAMING = {"level": "unit", "document_number": "通工发〔2024〕3号", "named_on": "2024-07-01"}
TASK = {
    "title": "管道自动焊", "goals": "合格率99%", "starts_on": "2024-03-01", "ends_on": "2028-12-31",
}  # fmt: skip
SLATE = {
    "places": 1,
    "reserve": 1,
    "minutes_number": "第8次",
    "posted_at": "网站",
    "contact": "部门",
}
FORCES = ("leading", "practice", "innovation", "tackling", "passing")


class House:
    """A city union with a unit, and who works there."""

    def __init__(self):
        self.city = OrganizationFactory(kind="city", name="北京市总工会")
        self.unit = with_child(self.city, "unit")
        self.filer = account(Role.NOMINATOR, self.unit)
        self.clerk = account(Role.HANDLER, self.city)
        self.approver = account(Role.APPROVER, self.city)
        self.elsewhere = with_child(OrganizationFactory(kind="city"), "unit")
        self.stranger = account(Role.APPROVER, self.elsewhere.parent)


@pytest.fixture
def house():
    return House()


@pytest.fixture
def asked(client):
    """Post a deed as somebody: the status, and what the answer says."""

    def ask(user, name, pk=None, /, **said):
        client.force_login(user)
        address = reverse(name, args=[] if pk is None else [pk])
        answer = client.post(address, said, content_type="application/json")
        return answer.status_code, answer.json()

    return ask


def refused(answer):
    status, told = answer
    assert status == 409, told
    return told["type"]


@pytest.fixture
def row(house):
    return cultivated(house.unit, actor=house.clerk)


class TestCultivation:
    def test_somebody_is_taken_in_by_the_union_and_reports_fall_due(self, asked, house):
        with_policy(POLICY)
        person, stranger = PersonFactory(organization=house.unit), PersonFactory()
        said = {
            "person": person.pk, "organization": house.unit.code, "scheme": POLICY,
            "tier": "beijing-great", "plan": "带徒、攻关各两项", "starts_on": "2026-01-15", "begun_for": "补登记",
        }  # fmt: skip

        assert asked(house.filer, "cultivation-begin", **said)[0] == 403
        status, told = asked(house.clerk, "cultivation-begin", **(said | {"person": stranger.pk}))
        assert (status, list(told["errors"])) == (400, ["person"])
        status, told = asked(house.clerk, "cultivation-begin", **(said | {"tier": "no-such"}))
        assert (status, list(told["errors"])) == (400, ["tier"])
        assert not Cultivation.objects.exists()

        status, told = asked(house.clerk, "cultivation-begin", **said)
        assert (status, told["title"], told["ends_on"]) == (201, BEIJING, "2028-01-15")
        assert told["reports_due"] == CultivationReport.objects.count() == 4

    def test_goals_are_set_put_right_and_assessed(self, asked, house, row):
        late = AIM | {"due_on": "2030-01-01"}
        assert refused(asked(house.filer, "cultivation-set-goal", row.pk, **late)) == (
            "goal-out-of-time"
        )
        assert asked(house.filer, "cultivation-set-goal", row.pk, **AIM)[0] == 200
        goal = CultivationGoal.objects.get()
        anew = AIM | REASON | {"goal": "带徒三人"}
        stale = asked(house.filer, "cultivationgoal-correct", goal.pk, version=1, **anew)
        assert stale[0] == 409
        now = version_of(goal)
        status, told = asked(house.filer, "cultivationgoal-correct", goal.pk, version=now, **anew)
        assert (status, told["goal"]) == (200, "带徒三人")
        assert told["version"] != now
        done = {"outcome": "met", "reached": "三人均已出师"}
        assert asked(house.filer, "cultivationgoal-assess", goal.pk, **done)[1]["outcome"] == "met"

    def test_a_goal_names_no_project_that_is_out_of_sight(self, asked, house, row):
        foreign = project_of(named_studio(house.elsewhere))
        told = [
            asked(house.filer, "cultivation-set-goal", row.pk, **AIM, project=number)
            for number in (foreign.pk, 2_000_000_000)
        ]
        assert told[0] == told[1]
        assert told[0][0] == 400
        assert not CultivationGoal.objects.exists()

    def test_a_report_goes_back_and_forth_and_is_taken_by_another(self, asked, house, row):
        first = row.reports.get(number=1)
        early = asked(house.clerk, "cultivationreport-accept", first.pk)
        assert refused(early) == "illegal-transition"
        status, told = asked(house.filer, "cultivationreport-submit", first.pk, **REPORTED)
        assert (status, told["state"]) == (200, "submitted")
        assert refused(asked(house.filer, "cultivationreport-accept", first.pk)) == "role-required"
        back = asked(house.clerk, "cultivationreport-return", first.pk, **REASON)
        assert back[1]["state"] == "due"
        asked(house.clerk, "cultivationreport-submit", first.pk, **REPORTED)
        own = asked(house.clerk, "cultivationreport-accept", first.pk)
        assert refused(own) == "reporter-cannot-accept"
        assert asked(house.approver, "cultivationreport-accept", first.pk)[1]["state"] == "accepted"

    def test_what_is_late_is_chased_once_a_day(self, asked, house, row):
        first = row.reports.get(number=1)
        CultivationReport.objects.filter(pk=first.pk).update(
            due_on=timezone.localdate() + timedelta(days=9)
        )
        chase = (house.clerk, "cultivationreport-chase", first.pk)
        assert refused(asked(*chase)) == "report-not-late"
        CultivationReport.objects.filter(pk=first.pk).update(
            due_on=timezone.localdate() - timedelta(days=9)
        )
        assert asked(*chase)[0] == 200
        assert refused(asked(*chase)) == "chased-today"

    def test_the_years_are_moved_extended_and_end(self, asked, house, row):
        where = {"organization": house.unit.code}
        same = asked(house.clerk, "cultivation-move", row.pk, **where, **REASON)
        assert refused(same) == "nothing-moved"
        moved_to = asked(house.clerk, "cultivation-move", row.pk, **where, post="班长", **REASON)
        assert moved_to[1]["post"] == "班长"
        long = {"until": "2040-01-01"}
        assert refused(asked(house.approver, "cultivation-extend", row.pk, **long, **REASON)) == (
            "extension-length"
        )
        until = {"until": "2028-07-15"}
        assert refused(asked(house.clerk, "cultivation-extend", row.pk, **until, **REASON)) == (
            "role-required"
        )
        status, told = asked(house.approver, "cultivation-extend", row.pk, **until, **REASON)
        assert (status, told["ends_on"], told["extensions"]) == (200, "2028-07-15", 1)
        early = asked(house.approver, "cultivation-pass", row.pk, **REASON)
        assert refused(early) == "reports-outstanding"
        assert asked(house.clerk, "cultivation-stop", row.pk)[0] == 400
        assert asked(house.clerk, "cultivation-stop", row.pk, **REASON)[1]["state"] == "ended"

    def test_who_has_reported_all_passes_and_is_certified(self, asked, house, row):
        rows = CultivationReport.objects.filter(cultivation=row)
        moved(rows, "submitted", words="完成", submitted_by=house.filer)
        moved(rows, "accepted", accepted_by=house.clerk)

        early = asked(house.approver, "cultivation-pass", row.pk, **REASON)
        assert refused(early) == "early-without-reason"
        said = REASON | {"early_reason": "本批次统一提前组织评价"}
        status, told = asked(house.approver, "cultivation-pass", row.pk, **said)

        assert (status, told["state"]) == (200, "passed")
        assert Cultivation.objects.get().certificate.tier.endswith("beijing-great")

    def test_a_pair_is_finished_by_its_unit(self, asked, house):
        pair = consented(PairFactory(organization=house.unit))
        assert (
            refused(asked(house.filer, "mentorship-finish", pair.pk, **REASON))
            == "illegal-transition"
        )
        assert asked(house.clerk, "mentorship-agree", pair.pk)[1]["state"] == "agreed"
        keep_certificate(pair.apprentice, "Y000011010003253000012", occupation="焊工")
        said = REASON | {"level": "3"}
        assert asked(house.filer, "mentorship-finish", pair.pk, **said)[1]["level_after"] == "3"
        other = consented(PairFactory(organization=house.unit))
        assert asked(house.filer, "mentorship-end", other.pk, **REASON)[1]["state"] == "ended"


class TestStudios:
    def test_one_is_entered_by_its_unit_and_named_and_closed_by_another(self, asked, house):
        leader = titled(house.unit)
        said = {
            "leader": leader.pk, "organization": house.unit.code, "name": "张焊花创新工作室",
            "field": "焊接工艺", "founded_on": "2022-05-01",
        }  # fmt: skip
        status, told = asked(house.filer, "studio-enter", **said)
        assert (status, told["state"], told["people"]) == (201, "draft", 1)
        pk = told["id"]
        again = asked(house.filer, "studio-enter", **said)
        assert again[0] == 409, "the name is taken"

        assert refused(asked(house.clerk, "studio-name", pk, **NAMING)) == "role-required"
        assert asked(house.approver, "studio-name", pk, **NAMING)[1]["state"] == "named"
        assert asked(house.approver, "studio-close", pk, **REASON)[1]["state"] == "closed"
        task = TASK | {"lead": leader.pk}
        assert refused(asked(house.filer, "studio-add-project", pk, **task)) == "studio-closed"

    def test_people_join_and_leave_it(self, asked, house):
        studio, member = named_studio(house.unit), PersonFactory(organization=house.unit)
        pk, leader = studio.pk, studio.leader
        joins = {"joined_on": "2025-01-01"}
        assert refused(asked(house.filer, "studio-add-member", pk, person=leader.pk, **joins)) == (
            "studio-leader-is-member"
        )
        strange = asked(house.filer, "studio-add-member", pk, person=PersonFactory().pk, **joins)
        assert strange[0] == 400
        joined = asked(house.filer, "studio-add-member", pk, person=member.pk, **joins)
        assert joined[1]["people"] == 2
        one, leaving = StudioMember.objects.get(), {"left_on": "2025-03-01"}
        assert asked(house.filer, "studiomember-leave", one.pk, **leaving)[0] == 200
        left = asked(house.filer, "studiomember-leave", one.pk, **leaving)
        assert refused(left) == "member-has-left"

    def test_a_year_of_its_project_is_asked_for_and_judged_by_the_union(self, asked, house):
        studio = named_studio(house.unit)
        pk, leader = studio.pk, studio.leader
        assert asked(house.filer, "studio-add-project", pk, lead=leader.pk, **TASK)[1]["tasks"] == 1
        project = StudioProject.objects.get()
        year = {"year": 2025, "progress": "完成样机", "accounts": "设备费6万元"}
        assert asked(house.filer, "studioproject-ask-boost", project.pk, **year)[0] == 200
        twice = asked(house.filer, "studioproject-ask-boost", project.pk, **year)
        assert twice[0] == 409
        asked_for = BoostYear.objects.get()
        found = {"is_passed": True, "note": "专家组评审，进展符合计划"}
        assert refused(asked(house.filer, "boostyear-judge", asked_for.pk, **found)) == (
            "role-required"
        )
        assert asked(house.clerk, "boostyear-judge", asked_for.pk, **found)[1]["state"] == "passed"


@pytest.fixture
def selection(house):
    """Two confirmed candidates of the unit, judged, and six experts."""
    call_command("load_calendar", verbosity=0)
    selection = RoundFactory(organizer=house.city)
    for _ in range(2):
        eligible_nomination(round=selection, unit=house.unit, occupation="焊工")
    judged(selection)
    ExpertFactory.create_batch(6, organization=house.city)
    return selection


def marked(selection, mark, *, apart=None):
    """Every paper that is out, with marks (far from the others: ``apart``), and one where none is; the two candidates confirmed."""
    expert = ExpertFactory(organization=selection.organizer)
    for nomination in selection.nominations.filter(reviews=None):
        Review.objects.create(nomination=nomination, expert=expert)
    for review in Review.objects.filter(nomination__round=selection):
        for force in FORCES:
            setattr(review, f"mark_{force}", 10 if review == apart else mark)
        review.status, review.submitted_at = "submitted", timezone.now()
        review.save()
    moved(selection.nominations.all(), "checked")


class TestReviewAndNotice:
    def test_experts_are_drawn_by_one_and_papers_go_out_by_another(self, asked, house, selection):
        drawing = "selectionround-draw-experts"
        assert refused(asked(house.filer, drawing, selection.pk, seed=7)) == "role-required"
        assert asked(house.clerk, drawing, selection.pk, seed=-1)[0] == 400
        status, told = asked(house.approver, drawing, selection.pk, seed=7)
        assert (status, told["seed"], len(told["drawn"])) == (200, 7, 2)
        assert asked(house.clerk, drawing, selection.pk, seed=7)[1]["sha256"] == told["sha256"]
        own = asked(house.approver, "draw-release", told["id"])
        assert refused(own) == "drawer-cannot-release"
        other = account(Role.APPROVER, house.city)
        assert asked(other, "draw-release", told["id"])[1]["state"] == "released"
        assert refused(asked(house.clerk, drawing, selection.pk, seed=8)) == "review-begun"
        nothing = asked(house.clerk, "selectionround-second-look", selection.pk, **REASON)
        assert refused(nothing) == "nothing-to-look-at"
        assert Draw.objects.count() == 1

    def test_whose_marks_lie_apart_is_marked_again(self, asked, house, selection):
        drawn = asked(house.clerk, "selectionround-draw-experts", selection.pk, seed=7)[1]["id"]
        asked(house.approver, "draw-release", drawn)
        first = Review.objects.order_by("pk").first()
        marked(selection, 90, apart=first)
        papers = Review.objects.filter(nomination=first.nomination).count()

        status, told = asked(house.clerk, "selectionround-second-look", selection.pk, **REASON)

        assert (status, told) == (200, {"count": papers})
        assert Review.objects.filter(look=2).count() == papers

    def test_a_list_is_drawn_up_by_rank_and_dropped(self, asked, house, selection):
        drafting = "selectionround-draft-notice"
        assert refused(asked(house.filer, drafting, selection.pk, **SLATE)) == "role-required"
        short = asked(house.clerk, drafting, selection.pk, **SLATE)
        assert short[0] == 409
        marked(selection, 90)
        status, told = asked(house.approver, drafting, selection.pk, **SLATE)
        assert (status, len(told["entries"]), told["state"]) == (201, 2, "draft")
        assert refused(asked(house.clerk, drafting, selection.pk, **SLATE)) == "notice-at-hand"
        day = {"starts_on": timezone.localdate().isoformat()}
        assert refused(asked(house.approver, "publicnotice-put-up", told["id"], **day)) == (
            "drafter-cannot-post"
        )
        dropped = asked(house.clerk, "publicnotice-drop", told["id"], **REASON)
        assert dropped[1]["state"] == "dropped"

    def test_a_list_is_put_up_by_another_and_looked_at(self, asked, house, selection):
        marked(selection, 90)
        pk = asked(house.clerk, "selectionround-draft-notice", selection.pk, **SLATE)[1]["id"]
        day = {"starts_on": timezone.localdate().isoformat()}
        seen = {"place": "网站", "seen_at": timezone.now().isoformat(), "is_up": True}
        assert refused(asked(house.clerk, "publicnotice-check", pk, **seen)) == "notice-not-up"
        assert asked(house.approver, "publicnotice-put-up", pk, **day)[1]["state"] == "posted"
        unseen = asked(house.clerk, "publicnotice-check", pk, **(seen | {"is_up": False}))
        assert (unseen[0], list(unseen[1]["errors"])) == (400, ["told"])
        assert asked(house.clerk, "publicnotice-check", pk, **seen)[0] == 200
        assert NoticeCheck.objects.get().place == "网站"
        naming = {"document_number": "京工发〔2026〕9号"}
        early = asked(house.approver, "publicnotice-give-names", pk, **naming)
        assert refused(early) == "notice-not-over"

    def test_an_objection_is_looked_into_by_one_and_decided_by_another(
        self, asked, house, selection
    ):
        objection = received_objection(posted_notice(selection))
        finding = {"finding": "已调阅项目档案"}
        early = asked(house.approver, "objection-decide", objection.pk, is_upheld=True)
        assert refused(early) == "illegal-transition"
        looked = asked(house.approver, "objection-look", objection.pk, **finding)
        assert looked[1]["state"] == Objection.State.LOOKED_INTO
        own = asked(house.approver, "objection-decide", objection.pk, is_upheld=True)
        assert refused(own) == "investigator-cannot-decide"
        other = account(Role.APPROVER, house.city)
        decided = asked(other, "objection-decide", objection.pk, is_upheld=True)
        assert decided[1]["state"] == Objection.State.UPHELD


def test_foreign_rows_are_as_absent_as_those_that_do_not_exist(asked, house, row, selection):
    goal = CultivationGoal.objects.create(
        cultivation=row, set_by=house.filer, **(AIM | {"due_on": date(2027, 6, 30)})
    )
    leader = titled(house.unit)
    studio = Studio.objects.create(
        organization=house.unit, name="张焊花创新工作室", leader=leader, field="焊接",
        founded_on=date(2022, 5, 1), proposed_by=User.objects.system(),
    )  # fmt: skip
    for name, pk in (
        *(
            (f"cultivation-{deed}", row.pk)
            for deed in ("set-goal", "move", "extend", "pass", "stop")
        ),
        *(
            (f"cultivationreport-{deed}", row.reports.first().pk)
            for deed in ("submit", "accept", "return", "chase")
        ),
        *((f"cultivationgoal-{deed}", goal.pk) for deed in ("correct", "assess")),
        *((f"studio-{deed}", studio.pk) for deed in ("name", "close", "add-member", "add-project")),
        *(
            (f"selectionround-{deed}", selection.pk)
            for deed in ("draw-experts", "second-look", "draft-notice")
        ),
    ):
        foreign = asked(house.stranger, name, pk)
        assert foreign[0] == 404, name
        assert foreign == asked(house.stranger, name, 2_000_000_000), name
    assert not Draw.objects.exists()
