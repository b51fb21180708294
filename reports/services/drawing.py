"""Drawing up a report: every target and standard of its policy, counted and kept in one snapshot."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from policies.library.editions import policy_by_digest
from policies.rules.homes import home_of
from reports.models import Figure, TargetReport
from reports.rules.figures import ReportContext
from reports.rules.snapshots import freeze
from reports.services.standards import standard_entries
from reports.services.targets import target_entries
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from reports.rules.figures import Entry


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Whatever is read inside is read as of one moment, and written whole or not at all."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def draw_up(report_id: int) -> int:
    """Count every figure of a report and keep its rows; returns how many figures there are.

    Every figure is counted a second time over the rows that were kept for it: two different answers
    are refused, not sealed.
    """
    report = TargetReport.objects.select_related("policy_edition", "organization").get(pk=report_id)
    as_of = _moment()
    entries = entries_for(context_of(report))
    for position, entry in enumerate(entries, start=1):
        entry.figure.report, entry.figure.position = report, position
    Figure.objects.bulk_create(entry.figure for entry in entries)
    for entry in entries:
        _keep(entry)
    report.data_as_of, report.figure_count = as_of, len(entries)
    report.save(update_fields=["data_as_of", "figure_count"])
    return len(entries)


def context_of(report: TargetReport) -> ReportContext:
    """What a report is drawn up for, as of today."""
    policy = policy_by_digest(report.policy_edition.digest)
    return ReportContext(
        policy=policy,
        year=report.year,
        root=report.organization,
        home=home_of(policy),
        today=timezone.localdate(),
    )


def entries_for(context: ReportContext) -> list[Entry]:
    """Every figure with the rows it counts, in order; nothing is written."""
    return [*target_entries(context), *standard_entries(context)]


def _moment() -> datetime:
    """When the snapshot was taken, by the database's own clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _keep(entry: Entry) -> None:
    for position, counted in enumerate(entry.counted):
        kept = freeze(entry.figure.pk, position, counted.part, counted.rows)
        found = kept.distinct_count if counted.is_distinct else kept.row_count
        if found != counted.expected:
            figure = entry.figure
            message = (
                f"“{figure.place_name}”的“{figure.title}”统计为{counted.expected}，"
                f"逐行复核为{found}，报告未封存；请联系系统管理员核对统计数"
            )
            raise DomainError("report-count-disagrees", message)
