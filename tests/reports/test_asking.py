"""Who may ask for which report, when it is the next edition, and what January asks for by itself."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from reports.models import TargetReport
from reports.selectors.bodies import bodies_to_report_on
from reports.services.asking import Wish, ask
from reports.services.issuing import issue_annual_reports
from tests.factories.organizations import account
from tests.factories.reports import POLICY, YEAR, drawn_report
from workflow import jobs
from workflow.models import Job, Notice
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


def refusal_to(wish, actor):
    with pytest.raises(DomainError) as refusal:
        ask(wish, actor=actor)
    return refusal.value.code


def test_staff_of_a_body_or_above_ask_for_it(city):
    above = account(Role.APPROVER, city.city)

    report = ask(Wish(POLICY, YEAR, city.east), actor=above)

    assert (report.state, report.edition_no, report.requested_by) == ("draft", 1, above)
    assert Job.objects.get().status == Job.Status.QUEUED


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE, Role.ACADEMY_MANAGER, Role.NOMINATOR])
def test_others_do_not_ask(city, role):
    assert refusal_to(Wish(POLICY, YEAR, city.city), account(role, city.city)) == "role-required"


def test_staff_of_a_district_do_not_ask_for_the_city(city):
    staff = account(Role.HANDLER, city.east)

    assert refusal_to(Wish(POLICY, YEAR, city.city), staff) == "role-required"
    assert list(bodies_to_report_on(staff)) == [city.east]


@pytest.mark.parametrize(
    ("policy", "year", "code"),
    [
        ("beijing-academy-subsidy-2024", 2025, "policy-without-targets"),
        ("no-such-policy", 2025, "unknown-policy"),
        (POLICY, 2023, "policy-not-in-force"),
        (POLICY, 1999, "report-year-out-of-range"),
    ],
)
def test_what_can_not_be_reported_on_is_refused_by_name(city, policy, year, code):
    assert refusal_to(Wish(policy, year, city.city), User.objects.system()) == code


def test_a_year_that_has_not_come_is_refused(city):
    next_year = timezone.localdate().year + 1

    wish = Wish(POLICY, next_year, city.city)

    assert refusal_to(wish, User.objects.system()) == "report-year-out-of-range"


def test_a_sealed_report_is_issued_again_only_for_a_reason(city):
    drawn_report(city.city)

    assert (
        refusal_to(Wish(POLICY, YEAR, city.city), User.objects.system()) == "reissue-needs-reason"
    )

    again = drawn_report(city.city, reason="补登培训班")
    assert (again.edition_no, again.reason) == (2, "补登培训班")
    assert TargetReport.objects.filter(state="sealed").count() == 2


def test_a_report_under_way_is_not_begun_a_second_time(city):
    wish = Wish(POLICY, YEAR, city.city)
    ask(wish, actor=User.objects.system())

    assert refusal_to(wish, User.objects.system()) == "report-already-going"


def test_a_report_that_was_parked_goes_on_in_the_name_of_who_asks_again(city):
    wish, staff = Wish(POLICY, YEAR, city.city), account(Role.HANDLER, city.city)
    first = ask(wish, actor=User.objects.system())
    Job.objects.update(status="parked", error="执行出错", attempts=3)

    again = ask(wish, actor=staff)

    assert (again.pk, again.requested_by) == (first.pk, staff)
    assert Job.objects.get().status == Job.Status.QUEUED


def test_a_message_that_was_lost_is_sent_again(city, django_capture_on_commit_callbacks):
    wish = Wish(POLICY, YEAR, city.city)
    ask(wish, actor=User.objects.system())
    Job.objects.update(sent_at=timezone.now() - jobs.RESEND_AFTER - timedelta(seconds=1))

    with django_capture_on_commit_callbacks() as sent:
        ask(wish, actor=User.objects.system())

    assert len(sent) == 1


def test_january_asks_for_every_policy_with_targets_once(city):
    first = issue_annual_reports(YEAR, actor=User.objects.system())
    second = issue_annual_reports(YEAR, actor=User.objects.system())

    assert [(r.policy, r.organization.code) for r in first] == [
        (POLICY, "BJ"),
        ("beijing-craftsman-selection-2024", "BJ"),
        ("national-great-craftsman-2024", "BJ"),
        ("yantai-craftsman-2023", "BJ"),
    ]
    assert second == []


def test_january_takes_up_again_what_was_parked_and_leaves_alone_what_is_sealed(city):
    drawn_report(city.city)
    system = User.objects.system()
    waiting = issue_annual_reports(YEAR, actor=system)
    Job.objects.filter(subject=f"reports.targetreport:{waiting[0].pk}").update(
        status=Job.Status.PARKED, error="磁盘已满"
    )

    again = issue_annual_reports(YEAR, actor=system)

    assert POLICY not in {report.policy for report in waiting}
    assert again == [waiting[0]]
    assert TargetReport.objects.count() == 4


def test_beat_asks_on_every_night_from_the_fifth_of_january():
    schedule = settings.CELERY_BEAT_SCHEDULE["issue-annual-reports"]["schedule"]

    assert (schedule.month_of_year, schedule.day_of_month) == ({1}, set(range(5, 32)))


def test_what_january_issued_is_told_to_those_who_serve_the_body(city):
    staff = account(Role.HANDLER, city.city)
    account(Role.AUDITOR, city.city)

    drawn_report(city.city)

    assert list(Notice.objects.values_list("recipient", flat=True)) == [staff.pk]
