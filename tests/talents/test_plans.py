"""Goals of a plan: set, put right, told what was reached; and what gives reason to look after somebody."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents.models import Cultivation, CultivationReport
from talents.selectors.attainments import (
    Attainment,
    Attainments,
    Sight,
    Speaks,
    attainments_of,
)
from talents.selectors.plans import aims_of, warnings_of
from talents.services.planning import assess_goal, correct_goal, set_goal
from talents.workflow.cultivation import pass_cultivation
from tests.factories.academies import ClassFactory, EnrolmentFactory, hosted_academy
from tests.factories.growth import PairFactory, cultivated, logged
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.studios import named_studio, project_of
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved
from workflow.corrections import version_of
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
AIM = {"kind": "passing", "goal": "带徒两人", "shown_by": "出师评定", "due_on": date(2027, 6, 30)}


@pytest.fixture
def unit():
    return with_child(OrganizationFactory(kind="city"), "unit")


@pytest.fixture
def row(unit):
    return cultivated(unit, actor=User.objects.system())


@pytest.fixture
def filer(unit):
    return account(Role.NOMINATOR, unit)


def begun(row, days_ago, *, lasting=730):
    """The same, begun so many days before today, with all reports still ahead."""
    today = timezone.localdate()
    first = today - timedelta(days=days_ago)
    Cultivation.objects.filter(pk=row.pk).update(
        starts_on=first, ends_on=first + timedelta(days=lasting)
    )
    CultivationReport.objects.filter(cultivation=row).update(due_on=today + timedelta(days=90))
    row.refresh_from_db()
    return row


def told(row, filer, known=()):
    sight = Sight(filer)
    return warnings_of(row, aims_of(row, sight, known), known)


def test_a_unit_sets_goals_puts_them_right_and_tells_what_was_reached(row, filer):
    goal = set_goal(row.pk, AIM, actor=filer)
    correct_goal(
        goal.pk, AIM | {"goal": "带徒三人"}, version=version_of(goal), actor=filer, note="核对方案"
    )
    done = assess_goal(goal.pk, outcome="partly", reached="带徒三人，两人出师", actor=filer)

    assert (done.goal, done.get_outcome_display()) == ("带徒三人", "部分达成")
    after = Record.objects.get(code="talents.goal-assessed").after
    assert (after["outcome"], after["reached"]) == ("部分达成", "带徒三人，两人出师")


def test_a_goal_lies_within_the_years_and_says_something(row, filer):
    def refusal(**facts):
        with pytest.raises(DomainError) as refused:
            set_goal(row.pk, AIM | facts, actor=filer)
        return refused.value.code

    assert refusal(due_on=row.ends_on + timedelta(days=1)) == "goal-out-of-time"
    assert refusal(shown_by="") == "goal-says-what-and-how-shown"
    goal = set_goal(row.pk, AIM | {"due_on": row.ends_on}, actor=filer)
    with pytest.raises(DomainError, match="须写明实际完成"):
        assess_goal(goal.pk, outcome="met", reached=" ", actor=filer)


def test_who_serves_elsewhere_sets_no_goal(row):
    other = account(Role.NOMINATOR, with_child(OrganizationFactory(kind="city"), "unit"))

    with pytest.raises(Cultivation.DoesNotExist):
        set_goal(row.pk, AIM, actor=other)


def test_nobody_passes_before_it_is_said_what_was_reached_of_every_goal(row, filer, unit):
    goal = set_goal(row.pk, AIM, actor=filer)
    begun(row, 731)
    clerk = account(Role.HANDLER, unit)
    for report in row.reports.all():
        moved(
            CultivationReport.objects.filter(pk=report.pk),
            "submitted",
            words="完成",
            submitted_by=filer,
        )
        moved(CultivationReport.objects.filter(pk=report.pk), "accepted", accepted_by=clerk)
    approver = account(Role.APPROVER, unit.parent)
    with pytest.raises(DomainError) as refused:
        pass_cultivation(row.pk, actor=approver, note="完成任务")
    assert refused.value.code == "goals-outstanding"

    assess_goal(goal.pk, outcome="met", reached="带徒两人均出师", actor=filer)

    assert pass_cultivation(row.pk, actor=approver, note="完成任务").state == "passed"


def test_what_is_on_file_stands_beside_the_goal_it_speaks_for(row, filer):
    for kind, goal in (
        ("innovation", "获专利一项"),
        ("course", "焊接高级研修班"),
        ("passing", "带徒"),
    ):
        set_goal(row.pk, AIM | {"kind": kind, "goal": goal}, actor=filer)
    known = [
        Attainments(
            "培训经历", (), [Attainment("焊接高级研修班", None, ()), Attainment("急救", None, ())]
        ),
        Attainments(
            "成果", (), [Attainment("专利甲", None, (), speaks=Speaks("innovation", "有专利"))]
        ),
    ]

    aims = {
        aim.goal.kind: [one.title for one in aim.found] for aim in aims_of(row, Sight(filer), known)
    }

    assert aims == {"innovation": ["专利甲"], "course": ["焊接高级研修班"], "passing": []}


def test_reasons_to_look_after_somebody_are_told_one_by_one(row, filer, unit):
    assert told(begun(row, 30), filer) == []
    mentor = PersonFactory(organization=unit)
    Cultivation.objects.filter(pk=row.pk).update(mentor=mentor)
    row.refresh_from_db()
    begun(row, 400)
    goal = set_goal(row.pk, AIM | {"due_on": timezone.localdate() - timedelta(days=1)}, actor=filer)
    row.reports.filter(number=1).update(due_on=timezone.localdate() - timedelta(days=2))

    reasons = told(row, filer)

    assert len(reasons) == 4
    for words in (
        "1份报备逾期",
        "1项目标已到完成时间",
        "没有归集到培训记录",
        "3个月以上没有双方确认",
    ):
        assert any(words in reason for reason in reasons), words
    pair = PairFactory(master=mentor, apprentice=row.person, organization=unit)
    logged(pair, held_on=timezone.localdate() - timedelta(days=10))
    assess_goal(goal.pk, outcome="missed", reached="项目推迟立项", actor=filer)
    trained = [Attainments("培训经历", (), [Attainment("研修班", None, ())])]
    assert [reason[:5] for reason in told(row, filer, trained)] == ["有1份报备"]
    assert Cultivation.objects.get(pk=row.pk).state == "going", "a reminder, not a penalty"


def test_a_class_that_the_reader_may_not_see_is_training_all_the_same(
    row, filer, django_assert_max_num_queries
):
    begun(row, 400)
    assert any("没有归集到培训记录" in reason for reason in told(row, filer))
    day = timezone.localdate() - timedelta(days=50)
    attended = ClassFactory(academy=hosted_academy(), year=day.year, starts_on=day, ends_on=day)
    EnrolmentFactory(training_class=attended, person=row.person)
    assert attainments_of(row.person, Sight(filer)) == [], "it is kept elsewhere"

    assert told(row, filer) == []
    with django_assert_max_num_queries(4):
        warnings_of(row, [], [])


def test_teaching_under_an_agreement_of_another_body_counts(row, filer):
    elsewhere = with_child(OrganizationFactory(kind="city"), "unit")
    mentor = PersonFactory(organization=elsewhere)
    Cultivation.objects.filter(pk=row.pk).update(mentor=mentor)
    row.refresh_from_db()
    begun(row, 300)
    pair = PairFactory(master=mentor, apprentice=row.person, organization=elsewhere)
    assert any("没有双方确认" in reason for reason in told(row, filer))

    logged(pair, held_on=timezone.localdate() - timedelta(days=10))

    assert told(row, filer) == []


def test_a_project_of_a_studio_out_of_reach_is_named_without_a_link(row, filer, unit):
    near = project_of(named_studio(unit))
    far = project_of(named_studio(with_child(OrganizationFactory(kind="city"), "unit")))
    for project in (near, far):
        facts = AIM | {"kind": "project", "goal": project.title, "project": project}
        set_goal(row.pk, facts, actor=filer)

    found = [aim.found[0] for aim in aims_of(row, Sight(filer), [])]

    assert [one.href for one in found] == [reverse("talents:studio", args=[near.studio_id]), ""]
    assert far.title in found[1].title


def test_a_project_out_of_the_correctors_reach_survives_a_correction(client, row, filer):
    far = project_of(named_studio(with_child(OrganizationFactory(kind="city"), "unit")))
    goal = set_goal(row.pk, AIM | {"kind": "project", "project": far}, actor=filer)
    client.force_login(filer)
    page = reverse("talents:goal-edit", args=[goal.pk])
    shown = client.get(page).context["form"]
    sent = {
        **{name: shown[name].value() for name in ("kind", "shown_by", "due_on", "version")},
        "goal": "完成攻关并验收",
        "note": "核对方案",
    }

    client.post(page, sent | {"project": shown["project"].value()})

    goal.refresh_from_db()
    assert (goal.goal, goal.project) == ("完成攻关并验收", far)
    assert far.title in client.get(page).content.decode(), "it is offered"
    assert far.title not in client.get(reverse("talents:goal-new", args=[row.pk])).content.decode()


def test_the_page_shows_goals_with_what_was_reached_and_takes_new_ones(client, row, filer):
    client.force_login(filer)
    page = reverse("talents:goal-new", args=[row.pk])
    sent = AIM | {"due_on": "2027-06-30"}
    assert "带徒两人" in client.post(page, sent, follow=True).content.decode()
    late = client.post(page, sent | {"due_on": "2030-01-01"})
    assert "完成时间应在培育期内" in late.content.decode()
    goal = row.goals.get()

    client.post(
        reverse("talents:goal-assess", args=[goal.pk]),
        {"outcome": "met", "reached": "两人均已出师"},
    )
    shown = client.get(reverse("talents:cultivation", args=[row.pk])).content.decode()

    assert "两人均已出师" in shown
    assert "已达成" in shown
