"""Training reports: which are due, what their figures come to, who is reminded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from academies.models import Academy, TrainingClass, TrainingReport
from academies.permissions.reporting import may_chase
from academies.rules import ESCALATION, REPORTING, parameters_in_force, standards_of
from academies.services.notices import tell_city, tell_keepers, tell_union
from organizations.models import User
from workflow.records import Event, record_event, subject_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

CHASED = Event("academies.report-chased", "催办报送")
NAMES = {1: ("年度",), 2: ("上半年", "下半年"), 4: ("一季度", "二季度", "三季度", "四季度")}
#: The figures of a period, in the order in which they are told.
FIGURES = {
    "classes": "培训班（期）",
    "practical_classes": "实操培训班（期）",
    "person_times": "人次",
    "persons": "人数",
    "practical_persons": "实操人数",
    "upgraded_persons": "提升技能人数",
}
#: The digest is of the very rows, by their versions.
COUNT = """
select count(distinct c.id), count(distinct c.id) filter (where c.is_practical), count(e.id),
  count(distinct e.person_id), count(distinct e.person_id) filter (where e.is_practical),
  count(distinct e.person_id) filter (where e.is_upgraded),
  encode(sha256(coalesce(string_agg(concat_ws(':', c.id, c.version, e.id, e.version), ','
    order by c.id, e.id), '')::bytea), 'hex')
from academies_trainingclass c
left join academies_enrolment e on e.training_class_id = c.id
where c.id in ({classes})
"""


class Counted(NamedTuple):
    """What the rows of a period come to now."""

    figures: dict[str, int]
    digest: str


def counted(report: TrainingReport) -> Counted:
    """The figures of the report as the rows stand now, in one statement."""
    classes, params = classes_of_period(report).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(classes=classes), params)
        *numbers, digest = cursor.fetchone()
    return Counted(dict(zip(FIGURES, numbers, strict=True)), digest)


def classes_of_period(report: TrainingReport) -> QuerySet[TrainingClass]:
    """The classes that count in it, each of a year in exactly one report of that year."""
    return TrainingClass.objects.filter(report.counts, academy=report.academy_id)


def strange_classes(report: TrainingReport, classes: Collection[int]) -> str:
    """Which of ``classes`` are none of the report's, in a sentence; empty where all are.

    The academy's own are told by number and name, others only by what was given.
    """
    strange = set(classes) - set(classes_of_period(report).values_list("pk", flat=True))
    if not strange:
        return ""
    own = {
        row.pk: f"{row.number} {row.name}（{row.year}年度，{row.ends_on}结业）"
        for row in TrainingClass.objects.filter(academy=report.academy_id, pk__in=strange)
    }
    told = "、".join(own.get(pk, f"记录号{pk}（本院没有这个班次）") for pk in sorted(strange))
    return f"下列班次不在“{report.title}”报送之内：{told}；请只填报计入本期的班次"


def escalate(today: date) -> int:
    """Tell of late reports, each step up once: the academy, its union, the city; how many were told.

    By the days that the policy states for the year; a second call on the same day tells nobody.
    """
    count, system = 0, User.objects.system()
    late = TrainingReport.objects.filter(
        state__in=[TrainingReport.State.DRAFT, TrainingReport.State.PREPARED], due_on__lt=today
    ).select_related("academy__organization", "academy__supervising_union")
    days = {
        year: parameters_in_force([ESCALATION], date(year, 12, 31)).get(ESCALATION, ())
        for year in set(late.values_list("year", flat=True))
    }
    for report in late.order_by("pk"):
        over = (today - report.due_on).days
        reached = sum(over >= limit for limit in days[report.year])
        if reached > report.told_up_to:
            count += _tell_up(report.pk, reached, over, system)
    return count


@transaction.atomic
def _tell_up(pk: int, reached: int, over: int, system: User) -> int:
    """Tell of one, unless somebody has just done so or it came in meanwhile."""
    rows = TrainingReport.objects.filter(state__in=["draft", "prepared"], told_up_to__lt=reached)
    report = (
        rows.select_related("academy__organization", "academy__supervising_union")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=pk)
        .first()
    )
    if report is None:
        return 0
    words = f"报送期限{report.due_on}，已逾期{over}日"
    steps = (tell_keepers, tell_union, tell_city)
    for tell in steps[report.told_up_to : reached]:
        tell(report, f"逾期未报送：{report.academy}{report.title}", words, actor=system)
    report.told_up_to, report.chased_at = reached, timezone.now()
    report.save(update_fields=["told_up_to", "chased_at"])
    record_event(
        CHASED, subject_of(report), actor=system, organization=report.academy.organization,
        note=words,
    )  # fmt: skip
    return 1


def call_for_reports(today: date) -> int:
    """Open the reports of every period of this year and the last that is over; how many are new.

    Of every academy that is held to a standard, where a policy says how often it reports, and that stood
    on the period's last day or has classes that count in it. A second call opens none.
    """
    before = TrainingReport.objects.count()
    for year in (today.year - 1, today.year):
        stated = parameters_in_force([REPORTING], date(year, 12, 31)).get(REPORTING)
        if not stated:
            continue
        parts, days = _parts_begun_with(year) or int(stated[0]), int(stated[1])
        held = list(standards_of(Academy.Tier.values, year))
        for part in range(1, parts + 1):
            first, last = _span(year, part, parts)
            if last >= today:
                continue
            facts = {
                "year": year,
                "part": part,
                "title": f"{year}年{_name(part, parts)}",
                "first_on": first,
                "last_on": last,
                "due_on": last + timedelta(days=days),
            }
            classes = TrainingClass.objects.filter(
                TrainingReport(**facts).counts, academy=OuterRef("pk")
            )
            reporting = Academy.objects.filter(
                Academy.DAYS.on(last) | Exists(classes), tier__in=held
            )
            TrainingReport.objects.bulk_create(
                (TrainingReport(academy=academy, **facts) for academy in reporting),
                ignore_conflicts=True,
            )
    return TrainingReport.objects.count() - before


@transaction.atomic
def chase(report_id: int, *, actor: User) -> TrainingReport:
    """Remind those who keep the academy's rows that its report is late."""
    rows = TrainingReport.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union"
    )
    report = rows.select_for_update(of=("self",)).get(pk=report_id)
    may_chase.check(actor, report)
    report.chased_at = timezone.now()
    report.save(update_fields=["chased_at"])
    record_event(CHASED, subject_of(report), actor=actor, organization=report.academy.organization)
    late = (timezone.localdate() - report.due_on).days
    words = f"报送期限{report.due_on}" + (f"，已逾期{late}日" if late > 0 else "")
    tell_keepers(
        report, f"催办：{report.title}培训报送", f"{words}，请尽快核对并报送。", actor=actor
    )
    return report


def _parts_begun_with(year: int) -> int | None:
    """Into how many periods the year was parted when its first report was opened: it stays so.

    A policy that comes into force meanwhile would leave days in two reports, or in none.
    """
    begun = TrainingReport.objects.filter(year=year).order_by("pk").first()
    if begun is None:
        return None
    return 12 // (begun.last_on.month - begun.first_on.month + 1)


def _name(part: int, parts: int) -> str:
    return NAMES[parts][part - 1] if parts in NAMES else f"第{part}期"


def _span(year: int, part: int, parts: int) -> tuple[date, date]:
    months = 12 // parts
    first = date(year, (part - 1) * months + 1, 1)
    following = date(year + 1, 1, 1) if part == parts else date(year, part * months + 1, 1)
    return first, following - timedelta(days=1)
