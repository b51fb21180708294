"""The seal of a report: the text it is taken over, and whether it still holds.

``docs/quota-report.md`` describes the text for outside verifiers; every report hands it out as a file,
so that any SHA-256 tool can check it.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from django.db import connection

from policies.library import digest_of
from reports.models import Figure, FigureRows, TargetReport
from workflow.models import Record
from workflow.records import Event, subject_of, verification

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from decimal import Decimal

FORM = "jiangjie-report-1"
SEPARATOR = "\x1f"
SEALED = Event("reports.sealed", "封存报告", Record.Kind.JOB)
BROKEN_ROWS = """
SELECT r.id, f.place_name, f.title FROM reports_figurerows r JOIN reports_figure f ON f.id = r.figure_id
WHERE f.report_id = %s AND (
  r.digest <> (
    SELECT encode(sha256(convert_to(coalesce(string_agg(
      concat_ws(E'\\x1f', r.ids[i], r.subjects[i], r.said[i]), E'\\n' ORDER BY i), ''), 'UTF8')), 'hex')
    FROM generate_subscripts(r.ids, 1) AS i)
  OR r.distinct_count <> (SELECT count(DISTINCT s) FROM unnest(r.subjects) AS s))
ORDER BY f.position, r.position
"""


def canonical(report: TargetReport) -> str:
    """The text a seal is taken over: one line for the report, one per figure, one per set of rows."""
    lines = [
        _line(
            FORM,
            report.policy,
            report.policy_edition.edition,
            report.policy_edition.digest,
            report.year,
            report.place_code,
            report.place_name,
            report.edition_no,
            report.reason,
            report.figure_count,
            _moment(report.data_as_of),
            _moment(report.sealed_at),
            report.signed_as,
        )
    ]
    rows: dict[int, list[FigureRows]] = {}
    kept = FigureRows.objects.filter(figure__report=report).defer("ids", "subjects", "said")
    for part in kept.order_by("figure__position", "position"):
        rows.setdefault(part.figure_id, []).append(part)
    for figure in Figure.objects.filter(report=report).order_by("position"):
        lines.append(_of_figure(figure))
        lines += map(_of_rows, rows.get(figure.pk, ()))
    return "\n".join(lines) + "\n"


def _of_figure(figure: Figure) -> str:
    return _line(
        "figure",
        figure.position,
        figure.kind,
        figure.code,
        figure.measure,
        figure.title,
        figure.unit,
        figure.place_code,
        figure.place_name,
        "1" if figure.is_total else "0",
        figure.period,
        _number(figure.planned),
        _number(figure.planned_most),
        _number(figure.tolerance),
        _number(figure.actual),
        figure.standing,
        figure.note,
    )


def _of_rows(part: FigureRows) -> str:
    return _line("rows", part.part, part.query, part.row_count, part.distinct_count, part.digest)


def _line(*fields: object) -> str:
    return SEPARATOR.join(str(field).translate(_BLANKED) for field in fields)


#: What parts fields and lines becomes a blank inside one.
_BLANKED = str.maketrans({"\x1f": " ", "\n": " ", "\r": " "})


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
