"""Reports and the assessment of those who are cultivated have their days; what is earlier takes a reason."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from policies.wording import chinese_day
from talents.models import Cultivation
from talents.rules.cultivating import months_after
from talents.workflow.cultivation import (
    Course,
    accept_report,
    cultivate,
    pass_cultivation,
    report,
)
from tests.factories.growth import cultivated
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import POLICY, PersonFactory
from tests.refusals import refused
from workflow.models import Record

pytestmark = pytest.mark.django_db
SAID = "完成全部任务，评价合格"


@pytest.fixture
def unit():
    return with_child(OrganizationFactory(kind="city"), "unit")


class Scene:
    """Two years with a report for every six months, begun so many months and days before today."""

    def __init__(self, unit, months, days=0):
        self.today = timezone.localdate()
        self.handler = account(Role.HANDLER, unit.parent)
        self.approver = account(Role.APPROVER, unit.parent)
        self.filer = account(Role.NOMINATOR, unit)
        starts_on = months_after(self.today, -months) - timedelta(days=days)
        self.row = cultivated(unit, actor=self.handler, starts_on=starts_on)

    def due(self, number):
        return self.row.reports.get(number=number)

    def reported(self, *numbers, taken_by=None):
        for number in numbers:
            due = self.due(number)
            report(due.pk, words="按方案完成各项任务", actor=self.filer)
            finding = "on_track" if due.is_midterm else ""
            accept_report(due.pk, actor=taken_by or self.handler, finding=finding)

    def assessed(self, actor=None, **facts):
        return pass_cultivation(self.row.pk, actor=actor or self.approver, note=SAID, **facts)


class TestItsBeginning:
    """On a day gone by, or for fewer months than the policy says, takes a reason that is kept."""

    @pytest.mark.parametrize(
        ("days", "months", "needs"),
        [(0, None, False), (0, 24, False), (0, 25, False), (-1, None, True), (0, 23, True)],
        ids=["today", "as the policy says", "longer", "yesterday", "a month short"],
    )
    def test_has_its_reason(self, unit, days, months, needs):
        starts_on = timezone.localdate() + timedelta(days=days)
        person, handler = PersonFactory(organization=unit), account(Role.HANDLER, unit.parent)

        def begun(why):
            course = Course(
                POLICY, "beijing-great", "北京大工匠", "引领力：…", starts_on, months, why
            )
            return cultivate(person.pk, course, organization_id=unit.pk, actor=handler)

        if not needs:
            assert begun(" ").begun_for == ""
            return
        assert refused(begun, " ") == "beginning-without-reason"
        made = begun("按批次通知补登")
        assert made.begun_for == "按批次通知补登"
        assert Record.objects.get(code="talents.cultivation-begun").note == made.begun_for

    def test_says_so_on_its_page(self, client, unit):
        scene = Scene(unit, 6)
        client.force_login(scene.handler)
        page = client.get(reverse("talents:cultivation", args=[scene.row.pk])).content.decode()
        assert "补登或缩短事由：按批次通知补登" in page


def test_no_report_before_its_period_has_begun(unit):
    """The second begins on the day on which the first is due, the first with the cultivation."""
    today = timezone.localdate()
    scene = Scene(unit, 0)
    scene.row.reports.filter(number=1).update(due_on=today)
    scene.row.reports.filter(number=2).update(due_on=today + timedelta(days=1))
    later = cultivated(unit, actor=scene.handler, starts_on=today + timedelta(days=1))

    words = {"words": "按方案完成各项任务", "actor": scene.filer}
    assert refused(report, later.reports.get(number=1).pk, **words) == "report-before-its-period"
    assert refused(report, scene.due(3).pk, **words) == "report-before-its-period"
    assert report(scene.due(2).pk, **words).state == "submitted", "it begins today"
    assert report(scene.due(1).pk, **words).state == "submitted"


def test_is_assessed_on_the_last_day_without_a_reason_and_before_it_only_with_one(unit):
    scene = Scene(unit, 14)
    scene.reported(1, 2)
    assert refused(scene.assessed) == "early-without-reason"
    assert refused(scene.assessed, early_reason=" ") == "early-without-reason"

    passed = scene.assessed(early_reason="本批次统一提前组织评价")

    assert (passed.state, passed.passed_by) == ("passed", scene.approver)
    days = f"（{chinese_day(passed.starts_on)}至{chinese_day(scene.today)}）"
    assert passed.certificate.occasion.endswith(days), "the days that were, not those planned"
    record = Record.objects.get(code="talents.cultivation-passed")
    assert record.after["early_reason"] == "本批次统一提前组织评价"

    over = Scene(unit, 24)
    over.reported(1, 2, 3, 4)
    passed = over.assessed(early_reason="不用写")
    assert passed.ends_on == over.today
    assert passed.early_reason == "", "on the last day nothing is early"


def test_certificate_given_later_tells_of_the_years_as_they_were(unit):
    scene = Scene(unit, 24, days=10)
    scene.reported(1, 2, 3, 4)

    occasion = scene.assessed().certificate.occasion

    assert occasion.endswith(f"至{chinese_day(scene.row.ends_on)}）")


@pytest.mark.parametrize("months", [0, 7, 11], ids=["first day", "one due", "before the middle"])
def test_however_good_the_reason_what_was_due_and_the_middle_come_first(unit, months):
    scene = Scene(unit, months)
    if months:
        scene.reported(1)

    assert refused(scene.assessed, early_reason="提前完成") == "reports-outstanding"


def test_not_by_who_began_it_nor_by_who_alone_took_the_reports(unit):
    scene = Scene(unit, 24)
    Cultivation.objects.filter(pk=scene.row.pk).update(started_by=scene.approver)
    other, third = (account(Role.APPROVER, unit.parent) for _ in range(2))
    scene.reported(1, 2, 3, 4, taken_by=other)

    assert refused(scene.assessed) == "beginner-cannot-pass"
    assert refused(scene.assessed, other) == "accepter-cannot-pass"
    scene.row.reports.filter(number=4).update(accepted_by=third)
    assert scene.assessed(other).state == "passed", "another took one of them"


def test_database_keeps_both(unit):
    row = Scene(unit, 3).row
    facts = {"state": "passed", "closed_on": row.ends_on - timedelta(days=1)}
    going = Cultivation.objects.filter(pk=row.pk)
    # the trigger on states without record is asked later than the checks of the row
    with pytest.raises(IntegrityError, match="passed_early_for_a_reason"), transaction.atomic():
        going.update(**facts)
    with pytest.raises(IntegrityError, match="is_passed_by_another"), transaction.atomic():
        going.update(passed_by=row.started_by)


def test_the_page_offers_what_has_begun_and_asks_for_the_reason(unit, client):
    scene = Scene(unit, 14)
    scene.reported(1, 2)
    page = reverse("talents:cultivation", args=[scene.row.pk])
    client.force_login(scene.filer)
    shown = client.get(page).content.decode()
    assert reverse("talents:cultivation-report", args=[scene.due(3).pk]) in shown
    assert reverse("talents:cultivation-report", args=[scene.due(4).pk]) not in shown

    client.force_login(scene.approver)
    address = reverse("talents:cultivation-pass", args=[scene.row.pk])
    assert "现在办理为提前评价，须写明事由" in client.get(address).content.decode()
    again = client.post(address, {"note": SAID}).content.decode()
    assert "请写明提前评价的事由" in again
    client.post(address, {"note": SAID, "early_reason": "本批次统一提前组织评价"})
    assert "提前评价：本批次统一提前组织评价" in client.get(page).content.decode()


def test_the_system_itself_is_not_asked(unit):
    scene = Scene(unit, 24)
    scene.reported(1, 2, 3, 4)

    assert scene.assessed(User.objects.system()).state == "passed"
