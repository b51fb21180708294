"""The seal of a report: the text it is taken over, and whether it still holds.

``docs/quota-report.md`` describes the text for outside verifiers; every report hands it out as a file,
so that any SHA-256 tool can check it.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from policies.library import digest_of
from reports.models import Figure, FigureRows, TargetReport
from reports.rules.snapshots import ROW
from workflow.models import Record
from workflow.records import Event, subject_of, verification
from workflow.records.canonical import netstrings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from decimal import Decimal

FORM = "jiangjie-report-2"
SEALED = Event("reports.sealed", "封存报告", Record.Kind.JOB)
BROKEN_ROWS = f"""
SELECT r.id, f.place_name, f.title FROM reports_figurerows r JOIN reports_figure f ON f.id = r.figure_id
WHERE f.report_id = %s AND (
  r.digest <> (
    SELECT encode(sha256(convert_to(coalesce(string_agg(
      {ROW.format(id="r.ids[i]", subject="r.subjects[i]", said="r.said[i]")}, '' ORDER BY i), ''), 'UTF8')), 'hex')
    FROM generate_subscripts(r.ids, 1) AS i)
  OR r.distinct_count <> (SELECT count(DISTINCT s) FROM unnest(r.subjects) AS s))
ORDER BY f.position, r.position
"""  # noqa: S608 - composed of constants only


def canonical(report: TargetReport) -> str:
    """The text a seal is taken over: one line for the report, one per figure, one per set of rows."""
    lines = [
        netstrings(
            FORM,
            report.policy,
            report.policy_edition.edition,
            report.policy_edition.digest,
            report.year,
            report.organization_id,
            report.place_code,
            report.place_name,
            report.edition_no,
            report.reason,
            report.figure_count,
            _moment(report.requested_at),
            _moment(report.data_as_of),
            _moment(report.sealed_at),
            report.sealed_by_id,
            report.signed_as,
        )
    ]
    rows: dict[int, list[FigureRows]] = {}
    kept = FigureRows.objects.filter(figure__report=report).defer("ids", "subjects", "said")
    asked = kept.annotate(asked=Cast("params", TextField()))
    for part in asked.order_by("figure__position", "position"):
        rows.setdefault(part.figure_id, []).append(part)
    for figure in Figure.objects.filter(report=report).order_by("position"):
        lines.append(_of_figure(figure))
        lines += map(_of_rows, rows.get(figure.pk, ()))
    return "\n".join(lines) + "\n"


def _of_figure(figure: Figure) -> str:
    return netstrings(
        "figure",
        figure.position,
        figure.kind,
        figure.code,
        figure.standard,
        figure.measure,
        figure.title,
        figure.unit,
        figure.organization_id,
        figure.academy_id,
        figure.place_code,
        figure.place_name,
        "1" if figure.is_total else "0",
        figure.period,
        _number(figure.planned),
        _number(figure.planned_most),
        _number(figure.tolerance),
        _number(figure.actual),
        figure.standing,
        {True: "1", False: "0", None: ""}[figure.met],
        figure.note,
    )


def _of_rows(part: Any) -> str:
    facts = (part.part, part.query, part.asked, part.row_count, part.distinct_count)
    return netstrings("rows", part.position, *facts, part.digest)


def _number(value: Decimal | None) -> str:
    """A figure without exponent and trailing zeros; empty where there is none."""
    if value is None:
        return ""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"


def sealed_count() -> int:
    return TargetReport.objects.filter(state=TargetReport.State.SEALED).count()


def breaks() -> Iterator[str]:
    """Every seal that does not hold: report, rows, or the record made when it was sealed."""
    recorded = _recorded_seals()
    sealed = TargetReport.objects.filter(state=TargetReport.State.SEALED)
    for report in sealed.select_related("policy_edition").order_by("pk"):
        name = f"报告 {report.pk}（{report}）"
        if digest_of(canonical(report)) != report.sha256:
            yield f"{name}：内容与封存哈希不符"
        with connection.cursor() as cursor:
            cursor.execute(BROKEN_ROWS, [report.pk])
            for _, place, title in cursor.fetchall():
                yield f"{name}：“{place}”“{title}”的依据行与摘要值不符"
        if recorded.pop(subject_of(report), None) != report.sha256:
            yield f"{name}：封存哈希与留痕记录不符"
    for subject in recorded:
        yield f"报告 {subject.rpartition(':')[2]}：留痕记录载有封存，但报告已不存在或已不是封存状态"


def _recorded_seals() -> dict[str, str]:
    """The hash that the record holds for each report that was sealed."""
    prefix = TargetReport._meta.label_lower
    rows = Record.objects.filter(subject__startswith=f"{prefix}:", code=SEALED.code)
    return {row.subject: row.after.get("sha256", "") for row in rows}


verification.register(verification.Check("报告封存", breaks, sealed_count))
