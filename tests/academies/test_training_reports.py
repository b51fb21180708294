"""What an academy reports of a period: counted, signed by two, accepted by a third, and then it stays."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations_with_replacement

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from academies.models import AcademyYear, Enrolment, TrainingClass, TrainingReport
from academies.selectors.reporting import rates_by_union
from academies.services.reporting import (
    call_for_reports,
    chase,
    classes_of_period,
    counted,
    escalate,
)
from academies.workflow import reporting as workflow
from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from tests.factories.academies import (
    AcademyFactory,
    ClassFactory,
    EnrolmentFactory,
    TrainingReportFactory,
    hosted_academy,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.refusals import refused
from workflow.models import Notice, Record
from workflow.records import subject_of


class Scene:
    """An academy with a manager and a deputy; a class ended in May, another one in July."""

    def __init__(self):
        self.city = OrganizationFactory(kind="city")
        self.union = with_child(self.city, "district", code="D1")
        self.academy = hosted_academy(union=self.union)
        self.manager = account(Role.ACADEMY_MANAGER, self.academy.host)
        self.deputy = account(Role.ACADEMY_MANAGER, self.academy.host)
        self.handler = account(Role.HANDLER, self.union)
        self.may = ClassFactory(academy=self.academy, is_practical=True)
        for _ in range(3):
            EnrolmentFactory(training_class=self.may)
        july = date(2025, 7, 2)
        EnrolmentFactory(
            training_class=ClassFactory(academy=self.academy, starts_on=july, ends_on=july)
        )
        self.report = TrainingReportFactory(academy=self.academy)

    def certified(self):
        workflow.prepare_report(self.report.pk, words="核对无误", actor=self.manager)
        return workflow.certify_report(self.report.pk, actor=self.deputy)

    def accepted(self):
        self.certified()
        return workflow.accept_report(self.report.pk, actor=self.handler)


@pytest.fixture
def scene(db):
    return Scene()


def test_figures_are_those_of_the_period_and_three_people_bring_it_in(scene):
    report = scene.accepted()

    assert report.counted == {
        "classes": 1, "practical_classes": 1, "person_times": 3, "persons": 3,
        "practical_persons": 3, "upgraded_persons": 0,
    }  # fmt: skip
    assert report.digest == counted(report).digest
    told = Record.objects.filter(subject=subject_of(report)).order_by("pk")
    assert list(told.values_list("code", flat=True)) == [
        "academies.report-prepare", "academies.report-certify", "academies.report-accept",
    ]  # fmt: skip
    assert Notice.objects.filter(recipient=scene.handler, title__startswith="待接收").exists()
    assert Notice.objects.filter(recipient=scene.manager, title__startswith="已接收").exists()


def test_nobody_does_two_parts_and_none_out_of_turn(scene):
    pk = scene.report.pk
    assert refused(workflow.certify_report, pk, actor=scene.deputy) == "illegal-transition"
    workflow.prepare_report(pk, words="", actor=scene.manager)
    assert refused(workflow.certify_report, pk, actor=scene.manager) == "preparer-cannot-certify"
    workflow.certify_report(pk, actor=scene.handler)  # the union's handler may sign for it
    assert refused(workflow.accept_report, pk, actor=scene.handler) == "reporter-cannot-accept"
    assert refused(workflow.accept_report, pk, actor=scene.deputy) == "role-required"
    workflow.accept_report(pk, actor=account(Role.APPROVER, scene.union))


def test_what_changed_since_it_was_signed_is_not_accepted_and_told_afterwards(client, scene):
    scene.certified()
    row = Enrolment.objects.filter(training_class=scene.may).first()
    Enrolment.objects.filter(pk=row.pk).update(version=2)
    pk = scene.report.pk
    assert refused(workflow.accept_report, pk, actor=scene.handler) == "rows-changed-since-signed"
    workflow.return_report(pk, "mismatch", actor=scene.handler, note="名册已更正，请重签")
    report = TrainingReport.objects.get()
    assert (report.returns, report.get_fault_display(), report.certified_by) == (1, "不符", None)
    scene.accepted()
    EnrolmentFactory(training_class=scene.may)

    client.force_login(scene.handler)
    page = client.get(reverse("academies:report", args=[pk])).content.decode()

    assert "报送后变化" in page
    with pytest.raises(Exception, match="不能修改"), transaction.atomic():
        TrainingReport.objects.update(words="改")
    day = timezone.localdate() + timedelta(days=7)
    workflow.reopen_report(pk, actor=scene.handler, note="学员补登", due_on=day)
    assert workflow.prepare_report(pk, words="", actor=scene.manager).due_on == day


def test_periods_that_have_ended_are_called_for_once_and_late_ones_are_chased(scene):
    load_library(actor=User.objects.system())
    AcademyFactory(supervising_union=scene.union, withdrawn_on=date(2024, 12, 1))

    # both halves of 2024, and of the academy withdrawn that winter the first; 2025's is there
    assert call_for_reports(date(2025, 7, 1)) == 3
    assert call_for_reports(date(2025, 7, 1)) == 0
    report = TrainingReport.objects.get(academy=scene.academy, year=2025)

    assert (report.title, report.last_on, report.due_on) == (
        "2025年上半年", date(2025, 6, 30), date(2025, 7, 15),
    )  # fmt: skip
    chase(report.pk, actor=scene.handler)
    assert Notice.objects.filter(recipient=scene.manager, title__startswith="催办").exists()
    assert refused(chase, report.pk, actor=scene.manager) == "role-required"
    rates = {row["union"]: row for row in rates_by_union(scene.handler, 2025)}
    assert (rates[scene.union.name]["due"], rates[scene.union.name]["complete"]) == (1, 0)


SPANS = {  # by how many reports a year has: the days of each
    1: ["01-01 12-31"],
    2: ["01-01 06-30", "07-01 12-31"],
    4: ["01-01 03-31", "04-01 06-30", "07-01 09-30", "10-01 12-31"],
}


@pytest.mark.parametrize("parts", SPANS)
def test_the_reports_of_a_year_come_to_the_academys_year_also_over_new_year(db, parts):
    academy = AcademyFactory()
    days = [date(year, month, day) for year in (2024, 2025, 2026)
            for month, day in ((1, 1), (3, 31), (4, 1), (6, 30), (7, 1), (12, 31))]  # fmt: skip
    for number, (starts, ends) in enumerate(combinations_with_replacement(days, 2)):
        for year in range(starts.year, ends.year + 1):  # as class_is_held_in_its_year lets it
            ClassFactory(
                academy=academy, year=year, starts_on=starts, ends_on=ends,
                number=f"{year}-{number}", is_practical=bool(number % 2),
            )  # fmt: skip
    for held in TrainingClass.objects.all()[::7]:
        EnrolmentFactory.create_batch(2, training_class=held)

    for year in (2024, 2025, 2026):
        reports = [
            TrainingReportFactory(
                academy=academy,
                year=year,
                part=part,
                title=f"{year}年第{part}期",
                first_on=f"{year}-{span[:5]}",
                last_on=f"{year}-{span[-5:]}",
                due_on=f"{year + 1}-02-01",
            )
            for part, span in enumerate(SPANS[parts], start=1)
        ]
        found = [TrainingReport.objects.get(pk=report.pk) for report in reports]
        held = [row.pk for report in found for row in classes_of_period(report)]
        assert len(held) == len(set(held))
        sums = Counter()
        for report in found:
            sums.update(counted(report).figures)
        kept = AcademyYear.objects.get(academy=academy, year=year)
        for name in ("classes", "practical_classes", "person_times"):
            assert sums[name] == getattr(kept, name) > 0


def test_a_year_keeps_the_periods_it_began_with_and_whoever_taught_in_one_reports(db):
    load_library(actor=User.objects.system())
    gone = AcademyFactory(withdrawn_on=date(2025, 8, 1))
    TrainingReportFactory(
        academy=gone, title="2025年一季度", last_on=date(2025, 3, 31), due_on=date(2025, 4, 15)
    )
    call_for_reports(date(2026, 1, 1))
    of_year = TrainingReport.objects.filter(academy=gone, year=2025)
    assert list(of_year.values_list("title", flat=True).order_by("part")) == [
        "2025年一季度", "2025年二季度",
    ]  # fmt: skip

    day = date(2025, 7, 30)
    ClassFactory(academy=gone, starts_on=day, ends_on=day)
    call_for_reports(date(2026, 1, 1))
    assert of_year.latest("part").title == "2025年三季度"


def test_a_report_goes_back_figure_by_figure_and_class_by_class(client, scene):
    scene.certified()
    pk = scene.report.pk
    client.force_login(scene.handler)
    give_back = reverse("academies:report-return", args=[pk])
    asked = client.get(give_back).content.decode()
    assert f'name="class_{scene.may.pk}"' in asked
    assert "class_" + str(scene.may.pk + 1) not in asked  # July's class is not in it
    typed = {
        "fault": "doubt", "note": "请逐项核对后重报", "figure_persons": "mismatch",
        f"class_{scene.may.pk}": "missing",
    }  # fmt: skip
    assert client.post(give_back, typed).status_code == 302

    report = TrainingReport.objects.get()
    assert [(row["on"], row["fault"]) for row in report.faults] == [
        ("persons", "mismatch"), (f"class:{scene.may.pk}", "missing"),
    ]  # fmt: skip
    told = Notice.objects.get(recipient=scene.manager, title__startswith="退回")
    assert "人数（不符）" in told.body
    client.force_login(scene.manager)
    page = client.get(reverse("academies:report", args=[pk])).content.decode()
    assert "人数　不符" in page
    assert f"{scene.may.number} {scene.may.name}　缺件" in page
    workflow.prepare_report(pk, words="已补签到表", actor=scene.manager)
    assert TrainingReport.objects.get().faults == []


def test_the_academy_contests_a_class_in_words_and_never_a_figure(client, scene):
    client.force_login(scene.manager)
    pk = scene.report.pk
    prepare = reverse("academies:report-prepare", args=[pk])
    silent = client.post(prepare, {"contested": [scene.may.pk]})
    assert silent.status_code == 409
    assert "写明哪一行" in silent.content.decode()
    said = {"contested": [scene.may.pk], "words": "名册第2行已退学", "persons": "99"}
    assert client.post(prepare, said).status_code == 302

    report = TrainingReport.objects.get()
    assert [row["class"] for row in report.contested] == [scene.may.pk]
    workflow.certify_report(pk, actor=scene.deputy)
    assert TrainingReport.objects.get().counted["persons"] == 3


@pytest.mark.parametrize(
    ("over", "told"),
    [(0, []), (1, ["manager"]), (7, ["manager", "handler"]), (15, ["manager", "handler", "evaluator"])],
)  # fmt: skip
def test_lateness_is_told_step_by_step_and_each_step_once(scene, over, told):
    load_library(actor=User.objects.system())
    scene.evaluator = account(Role.APPROVER, scene.city)
    today = scene.report.due_on + timedelta(days=over)

    assert escalate(today) == bool(told)
    assert escalate(today) == 0
    notices = Notice.objects.filter(title__startswith="逾期未报送")
    expected = [getattr(scene, name) for name in told]
    assert {row.recipient for row in notices} >= set(expected)
    unexpected = {scene.evaluator, scene.manager} - set(expected)
    assert not notices.filter(recipient__in=unexpected).exists()
    workflow.prepare_report(scene.report.pk, words="", actor=scene.manager)
    workflow.certify_report(scene.report.pk, actor=scene.deputy)
    assert escalate(today + timedelta(days=99)) == 0


def test_each_does_their_part_on_the_pages(client, scene):
    pk = scene.report.pk

    def sent(who, name, **data):
        client.force_login(who)
        assert client.get(reverse(f"academies:{name}", args=[pk])).status_code == 200
        return client.post(reverse(f"academies:{name}", args=[pk]), data).status_code

    assert sent(scene.manager, "report-prepare", words="第2班有1人异议") == 302
    assert sent(scene.deputy, "report-certify") == 302
    client.force_login(scene.handler)
    assert "待接收的报送" in client.get(reverse("portal:home")).content.decode()
    assert sent(scene.handler, "report-return", fault="doubt", note="请核对第2班") == 302
    assert sent(scene.manager, "report-prepare", words="已核对") == 302
    assert sent(scene.deputy, "report-certify") == 302
    assert sent(scene.handler, "report-accept", note="") == 302
    assert TrainingReport.objects.get().state == "accepted"
    rates = client.get(reverse("academies:report-rates") + "?year=2025")
    listed = f"{reverse('academies:reports')}?year=2025&union={scene.union.code}"
    assert listed.replace("&", "&amp;") in rates.content.decode()
    assert scene.academy.name in client.get(listed).content.decode()
    this_year = timezone.localdate().year
    now = client.get(reverse("academies:report-rates")).content.decode()
    assert f"?year={this_year - 1}" in now
    assert f"?year={this_year + 1}" not in now


def test_an_accepted_report_is_opened_again_until_today_or_later_and_closed_after_that_day(
    client, scene
):
    scene.accepted()
    pk, today = scene.report.pk, timezone.localdate()
    words = {"actor": scene.handler, "note": "学员补登"}
    past = today - timedelta(days=1)
    assert refused(workflow.reopen_report, pk, due_on=past, **words) == "reopened-until-past"
    client.force_login(scene.handler)
    typed = {"due_on": f"{past}", "note": "学员补登"}
    asked = client.post(reverse("academies:report-reopen", args=[pk]), typed)
    assert "重新报送期限不能早于今天" in asked.content.decode()
    workflow.reopen_report(pk, due_on=today, **words)
    workflow.prepare_report(pk, words="", actor=scene.manager)
    assert refused(workflow.reopen_report, pk, due_on=today, **words) == "report-still-open"

    tomorrow = timezone.now() + timedelta(days=1)
    with time_machine.travel(tomorrow):
        assert refused(workflow.certify_report, pk, actor=scene.deputy) == "reopening-lapsed"
        workflow.hand_back_report(pk, actor=scene.deputy, note="重新开放已逾期")
        again = {"words": "", "actor": scene.manager}
        assert refused(workflow.prepare_report, pk, **again) == "reopening-lapsed"
        client.force_login(scene.handler)
        page = client.get(reverse("academies:report", args=[pk])).content.decode()
        assert "重新开放已经逾期" in page
        workflow.reopen_report(pk, due_on=tomorrow.date() + timedelta(days=2), **words)
        workflow.prepare_report(pk, **again)
        workflow.certify_report(pk, actor=scene.deputy)
    with time_machine.travel(tomorrow + timedelta(days=9)):  # handed in within its days
        report = workflow.accept_report(pk, actor=scene.handler)
    assert (report.state, report.reopened_until) == ("accepted", None)


def test_what_is_not_signed_goes_back_inside_the_academy_with_a_reason(client, scene):
    pk = scene.report.pk
    assert refused(workflow.hand_back_report, pk, actor=scene.deputy, note="说明有误") == (
        "illegal-transition"
    )
    workflow.prepare_report(pk, words="没有异议", actor=scene.manager)
    refusals = [
        refused(workflow.hand_back_report, pk, actor=who, note=note)
        for who, note in ((account(Role.APPROVER, scene.union), "说明有误"), (scene.deputy, " "))
    ]
    assert refusals == ["role-required", "reason-required"]
    client.force_login(scene.deputy)
    address = reverse("academies:report-hand-back", args=[pk])
    assert address in client.get(reverse("academies:report", args=[pk])).content.decode()

    assert client.post(address, {"note": "第2班的异议没有写"}).status_code == 302

    told = Notice.objects.get(recipient=scene.manager, title__startswith="未予签发")
    assert "第2班的异议没有写" in told.body
    client.force_login(scene.manager)
    shown = client.get(reverse("academies:report", args=[pk])).content.decode()
    assert "未予签发" in shown
    workflow.prepare_report(pk, words="第2班有异议", actor=scene.manager)
    report = workflow.certify_report(pk, actor=scene.deputy)
    assert (report.returns, report.fault_words) == (0, "")
