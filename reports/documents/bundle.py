"""The files of a report, each by the ending of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.documents import XLSX
from reports.documents.print import print_of
from reports.documents.statement import statement_text
from reports.documents.workbook import workbook_of
from reports.rules import seals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reports.models import Figure, TargetReport


def _data(report: TargetReport, figures: Sequence[Figure]) -> bytes:
    return statement_text(report, figures).encode()


def _sealed_text(report: TargetReport, figures: Sequence[Figure]) -> bytes:
    """The very text the seal was taken over: its SHA-256 is the seal."""
    return seals.canonical(report).encode()


FILES: dict[str, Callable[[TargetReport, Sequence[Figure]], bytes]] = {
    "json": _data,
    "xlsx": workbook_of,
    "pdf": print_of,
    "txt": _sealed_text,
}
TYPES = {
    "json": "application/json",
    "xlsx": XLSX,
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}


def files_of(report: TargetReport, figures: Sequence[Figure]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file."""
    for ending, make in FILES.items():
        yield f"report.{ending}", make(report, figures)
