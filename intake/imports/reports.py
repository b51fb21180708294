"""What became of a batch, for commands and for the annotated original."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from intake.imports.batches import check_may_take
from intake.models import ImportFinding
from intake.spreadsheets.annotate import Mark, annotate
from intake.spreadsheets.limits import FileKind
from workflow import attachments
from workflow.errors import DomainError
from workflow.models import Record
from workflow.records import record_event, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.models import ImportBatch
    from organizations.models import User


def report(batch: ImportBatch) -> dict[str, Any]:
    """Rows, accepted, refused and warnings; one entry for each faulty or doubtful cell."""
    return {
        "rows": batch.row_count,
        "accepted": batch.accepted_count,
        "refused": list(_entries(batch, ImportFinding.Severity.ERROR)),
        "warnings": list(_entries(batch, ImportFinding.Severity.WARNING)),
    }


def _entries(batch: ImportBatch, severity: str) -> Iterator[dict[str, Any]]:
    rows = ImportFinding.objects.filter(batch=batch, severity=severity).order_by("line", "pk")
    for finding in rows.iterator():
        yield {
            "row": int(finding.number) if finding.number.isdecimal() else finding.number or None,
            "line": finding.line,
            "column": finding.column,
            "code": finding.code,
            "message": finding.message,
        }


def annotated(batch: ImportBatch, content: bytes, *beside: ImportBatch) -> bytes:
    """The original (its bytes are ``content``) with every finding on its cell.

    ``beside``: batches made of other sheets of the same file.
    """
    marks = chain.from_iterable(map(_marks, (batch, *beside)))
    return annotate(content, FileKind(batch.attachment.kind), marks)


def _marks(batch: ImportBatch) -> Iterator[Mark]:
    findings = ImportFinding.objects.filter(batch=batch).order_by("line", "pk")
    for finding in findings.iterator():
        yield Mark(
            batch.sheet,
            finding.line,
            batch.positions.get(finding.field),
            finding.message,
            finding.severity == ImportFinding.Severity.ERROR,
            finding.column,
        )


def hand_out_annotated(
    batch: ImportBatch, *beside: ImportBatch, reader: User, reason: str
) -> bytes:
    """The annotated original for a person: as full of personal data as the file, so on record."""
    check_may_take(reader, batch, reason)
    try:
        content = attachments.content_of(batch.attachment)
    except FileNotFoundError as error:
        message = "原件不在存储中，请联系系统管理员从备份恢复"
        raise DomainError("file-missing", message) from error
    marked = annotated(batch, content, *beside)
    record_event(
        Record.Kind.EXPORT,
        subject_of(batch),
        "下载批注版",
        actor=reader,
        organization=batch.organization,
        note=reason.strip(),
        after={
            "file": batch.attachment.filename,
            "digest": batch.digest,
            "rows": batch.row_count,
        },
    )
    return marked
