"""Reading a spreadsheet in a bounded process of its own, row by row, in flat memory."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from intake.spreadsheets.bounded import Frames, Source, bounded, descriptor
from intake.spreadsheets.frames import END, FIELD, RECORD, ROWS, SHEET
from intake.spreadsheets.guard import facts_of
from intake.spreadsheets.limits import LIMITS, FileKind, Limits
from intake.spreadsheets.walk import Merge, SheetFacts

MODULE = "intake.spreadsheets.child"


class Row(NamedTuple):
    """One row that holds anything; blank rows are not delivered, but ``line`` counts them.

    ``rounded`` names the cells (by column index) whose long number was stored as a number and has
    lost its last digits: their text must never be taken for an identity or certificate number.
    """

    line: int
    cells: list[str]
    rounded: tuple[int, ...]


@dataclass(slots=True)
class Sheet:
    """One sheet; ``rows`` must be used up before the next sheet is asked for, or is lost."""

    name: str
    is_hidden: bool
    is_csv: bool
    row_count: int  # 0 for CSV: not known beforehand
    column_count: int
    merges: list[Merge]  # over several lines only
    hidden: set[int]  # lines that nobody sees
    rows: Iterator[Row] = field(repr=False)


@contextlib.contextmanager
def reading(
    source: Source, kind: FileKind, *, limits: Limits = LIMITS
) -> Iterator[Iterator[Sheet]]:
    """The sheets of ``source``, whose ``kind`` comes from ``guard.inspect``.

    Every fault of the file, and every death of the reading process, is a ``DomainError``. The
    process ends with the ``with`` block, however that is left.
    """
    with (
        descriptor(source) as file,
        bounded(
            MODULE,
            {"kind": kind.value},
            files={"path": file},
            limits=limits,
        ) as frames,
    ):
        # Another process, while this one parses and has nothing for us yet.
        facts = facts_of(file, limits=limits) if kind is FileKind.XLSX else {}
        yield _sheets(frames, kind, facts)


def _sheets(frames: Frames, kind: FileKind, facts: dict[str, SheetFacts]) -> Iterator[Sheet]:
    """A sheet at a time; rows that the caller leaves unread are skipped."""
    announced = frames.next()
    while announced[0] != END:
        frames.check(SHEET)
        about = json.loads(announced[1])
        seen = facts.get(about["name"], SheetFacts())
        yield Sheet(
            name=about["name"],
            is_hidden=about["is_hidden"],
            is_csv=kind is FileKind.CSV,
            row_count=about["rows"],
            column_count=about["columns"],
            merges=seen.merges,
            hidden=seen.hidden,
            rows=_with_errors(_rows(frames), seen.errors) if seen.errors else _rows(frames),
        )
        while frames.current is announced or frames.current[0] == ROWS:
            frames.next()
        announced = frames.current


def _rows(frames: Frames) -> Iterator[Row]:
    type_, payload = frames.next()
    while type_ == ROWS:
        for record in payload.decode().split(RECORD):
            cells = record.split(FIELD)
            tail = cells.pop()
            if "," in tail:
                line, *rounded = map(int, tail.split(","))
                yield Row(line, cells, tuple(rounded))
            else:
                yield Row(int(tail), cells, ())
        type_, payload = frames.next()


def _with_errors(rows: Iterator[Row], errors: dict[int, list[tuple[int, str]]]) -> Iterator[Row]:
    """The rows, with what a cell in error shows: the parser gives blanks, and a blank would lie."""
    for row in rows:
        for index, text in errors.get(row.line, ()):
            if index < len(row.cells) and not row.cells[index]:
                row.cells[index] = text
        yield row
