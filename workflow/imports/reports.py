"""What became of a batch, for commands and for the annotated original."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from workflow.models import ImportFinding
from workflow.spreadsheets.annotate import Mark, annotate
from workflow.spreadsheets.limits import FileKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow.models import ImportBatch


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
