"""The files of a report, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import seals
from reports.documents.statement import statement_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.models import Figure, TargetReport


def files_of(report: TargetReport, figures: Sequence[Figure]) -> Iterator[tuple[str, bytes]]:
    """Name and content: data, and the very text the seal was taken over."""
    yield "report.json", statement_text(report, figures).encode()
    yield "report.txt", seals.canonical(report).encode()
