"""What became of a file, as a report, as the annotated original; and the blank form."""

from __future__ import annotations

import re
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from intake.kinds import sheet_of
from intake.models import ImportFinding, ImportRow
from intake.spreadsheets.annotate import Mark, annotate
from intake.spreadsheets.limits import FileKind
from pages.documents import write_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.kinds import ImportKind
    from intake.kinds.files import ImportFile
    from intake.models import ImportBatch

GUIDE = ("工作表", "列名", "是否必填", "也可写作")


def report(file: ImportFile) -> dict[str, Any]:
    """The rows of the last sheet in figures; each faulty or doubtful cell of every sheet."""
    last, several = file.batch, len(file.batches) > 1
    found: dict[str, Any] = {
        "rows": last.row_count,
        "accepted": last.accepted_count,
        "refused": [],
        "warnings": [],
        **{
            name: float(sum_) for name, sum_ in sheet_of(last).figures(last).items()
        },  # JSON's number
    }
    for batch in file.batches:
        named = {"sheet": batch.sheet} if several else {}
        found["refused"] += [e | named for e in _entries(batch, "error", by_line=several)]
        found["warnings"] += [e | named for e in _entries(batch, "warning", by_line=several)]
        if batch is not last:
            counts = {"rows": batch.row_count, "accepted": batch.accepted_count}
            found[sheet_of(batch).code] = counts
    if file.kind.whole:
        found |= {"added": effects(file, "new"), "changed": effects(file, "changed")}
    passed = [remark for batch in file.batches for remark in batch.remarks]
    return found | {"unchanged": not file.is_new, "remarks": passed}


def effects(file: ImportFile, effect: str) -> int:
    """How many rows of a register do this: bring something new, change it, leave it."""
    return ImportRow.objects.filter(batch__in=file.batches, effect=effect).count()


def _entries(batch: ImportBatch, severity: str, *, by_line: bool) -> Iterator[dict[str, Any]]:
    rows = ImportFinding.objects.filter(batch=batch, severity=severity).order_by("line", "pk")
    is_numbered = bool(sheet_of(batch).form.number) and not by_line
    for finding in rows.iterator():
        number = int(finding.number) if finding.number.isdecimal() else finding.number
        yield {
            "row": number or (None if is_numbered else finding.line),
            "line": finding.line,
            "column": finding.column,
            "code": finding.code,
            "message": finding.message,
        }


def annotated(file: ImportFile, content: bytes) -> bytes:
    """The original (its bytes are ``content``) with every finding on its cell, and what was not read."""
    marks = chain.from_iterable(map(_marks, file.batches))
    return annotate(content, FileKind(file.batch.attachment.kind), marks)


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
    for remark in batch.remarks:
        line = re.match(r"第(\d+)", remark)
        yield Mark(batch.sheet, int(line[1]) if line else 1, None, remark, None)


def blank_form(kind: ImportKind) -> IO[bytes]:
    """An empty workbook of the kind: its sheets with their headings, and what each column takes."""
    sheets = [
        (
            sheet.form.name,
            [*(column.header for column in sheet.form.columns), *sheet.form.examples],
            (),
        )
        for sheet in kind.sheets
    ]
    guide = [
        (
            sheet.form.name,
            column.header,
            "必填" if column.is_required else "选填",
            "、".join(column.aliases),
        )
        for sheet in kind.sheets
        for column in sheet.form.columns
    ]
    return write_sheets([*sheets, ("填写说明", GUIDE, guide)])
