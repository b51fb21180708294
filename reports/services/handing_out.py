"""Files of a sealed report leave the house on the record, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.documents.bundle import FILES
from reports.permissions import may_take_whole
from reports.selectors.reports import figures_of
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User
    from reports.models import TargetReport

HANDED_OUT = Event("reports.handed-out", "下载报告", Record.Kind.EXPORT)


def hand_out(report: TargetReport, kind: str, *, actor: User) -> bytes:
    """The report as a file of one kind; part of a report is not handed out, for no seal fits it."""
    if not report.is_sealed:
        raise DomainError("report-not-sealed", "报告还在编制，封存后才能下载")
    may_take_whole.check(actor, report)
    content = FILES[kind](report, list(figures_of(report, actor)))
    record_event(
        HANDED_OUT,
        subject_of(report),
        actor=actor,
        organization=report.organization,
        after={"file": kind.upper(), "sha256": report.sha256},
    )
    return content
