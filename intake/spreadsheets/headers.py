"""Reading a header: one row of headings or two, columns in any order, known by folded names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from intake.spreadsheets.addresses import column_letters
from intake.spreadsheets.reader import Row
from workflow.texts.folding import fold_header, fold_prose

#: Whose columns are about somebody else than the row is.
OTHERS = re.compile("联系人|填[表报]人|经办人|负责人|审核人")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form; ``group`` is the heading printed over several columns, if any."""

    key: str
    header: str
    aliases: tuple[str, ...] = ()
    group: str = ""
    is_required: bool = True

    def names(self) -> list[str]:
        """Folded headings that mean this column, the surest first."""
        titles = [fold_header(text) for text in (self.header, *self.aliases)]
        grouped = [fold_header(self.group) + title for title in titles] if self.group else []
        return grouped + titles


@dataclass(frozen=True, slots=True)
class Form:
    """What a table must look like; ``number`` is the key of its 序号 column, if it has one.

    ``continued``: columns whose text people go on with on the lines below. ``further``: the key of
    a heading that is no column of the form but one of as many as the sheet has ("" for none), such as
    the marks of a contest; ``examples`` are such headings, for the blank form.
    """

    name: str
    columns: tuple[Column, ...]
    number: str = ""
    continued: frozenset[str] = frozenset()
    further: Callable[[str], str] | None = None
    examples: tuple[str, ...] = ()


@dataclass(slots=True)
class Header:
    """A header as found, faults included."""

    line: int = 0
    data_line: int = 1  # the first line that may hold data
    rows: list[list[str]] = field(default_factory=list)  # its cells, to know it when repeated
    headings: list[str] = field(default_factory=list)  # by column index, as typed
    positions: dict[str, int] = field(default_factory=dict)
    missing: list[Column] = field(default_factory=list)
    further: list[str] = field(default_factory=list)  # keys beyond the form's, from left to right
    duplicates: list[tuple[str, str]] = field(default_factory=list)  # heading, column letters
    unknown: list[str] = field(default_factory=list)

    def score(self) -> int:
        """How well it fits: columns found, less those found twice."""
        return len(set(self.positions.values())) - len(self.duplicates)


def locate(rows: list[Row], form: Form) -> Header:
    """The header among ``rows`` that knows most columns; without any, one that misses all."""
    best = Header(missing=[column for column in form.columns if column.is_required])
    for candidate in _candidates(rows, form):
        if candidate.score() > best.score():
            best = candidate
    return best


def _candidates(rows: list[Row], form: Form) -> Iterator[Header]:
    """Single rows first: a title over a header, or data under one, must not win a tie."""
    for row in rows:
        yield _read(form, row.line, [row.cells])
    for upper, lower in pairwise(rows):
        if lower.line == upper.line + 1:
            yield _read(form, upper.line, [upper.cells, lower.cells])


def _read(form: Form, line: int, rows: list[list[str]]) -> Header:
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    names = _single(padded[0]) if len(rows) == 1 else _double(*padded)
    while names and not names[-1]:
        names.pop()
    header = Header(line=line, data_line=line + len(rows), rows=padded)
    typed = [next((row[i] for row in reversed(padded) if row[i].strip()), "") for i in range(width)]
    header.headings = [fold_prose(text).replace("\n", "") for text in typed[: len(names)]]
    _match(form, names, header)
    if form.further:
        _add_further(form.further, header)
    taken = set(header.positions.values())
    header.unknown = [
        title for i, title in enumerate(header.headings) if title and i not in taken and names[i]
    ]
    return header


def _single(row: list[str]) -> list[list[str]]:
    """The folded names of each column of a one-row header."""
    return [[name] if (name := fold_header(text)) else [] for text in row]


def _double(upper: list[str], lower: list[str]) -> list[list[str]]:
    """The folded names of each column under a two-row header.

    A heading merged over several columns stands in the first of them only, so it is carried to the
    right as long as there are headings below it and none beside it.
    """
    names, group = [], ""
    for top, bottom in zip(map(fold_header, upper), map(fold_header, lower), strict=True):
        group = top or (group if bottom else "")
        whole = group + bottom
        is_others = bool(bottom) and OTHERS.search(group) is not None
        names.append([name for name in ((whole,) if is_others else (whole, bottom, top)) if name])
    return names


def _match(form: Form, names: list[list[str]], header: Header) -> None:
    """Give each column of the form its place: proper headings first, then aliases."""
    for rank in range(max(len(column.names()) for column in form.columns)):
        taken = set(header.positions.values())
        for column in form.columns:
            if column.key in header.positions or rank >= len(column.names()):
                continue
            places = _places(column.names()[rank], names, taken)
            if places and column.is_required and rank >= _proper(column):
                others = {i for name in column.names() for i in _places(name, names, taken)}
                places = sorted(others)
            if places:
                header.positions[column.key] = places[0]
            if len(places) > 1:
                header.duplicates.append((column.header, "、".join(map(column_letters, places))))
    header.missing = [c for c in form.columns if c.is_required and c.key not in header.positions]


def _add_further(key_of: Callable[[str], str], header: Header) -> None:
    """Give the columns that the form does not name their own keys."""
    taken = set(header.positions.values())
    for place, heading in enumerate(header.headings):
        key = key_of(fold_header(heading)) if place not in taken else ""
        if key and key in header.positions:
            letters = "、".join(map(column_letters, (header.positions[key], place)))
            header.duplicates.append((heading, letters))
        elif key:
            header.positions[key] = place
            header.further.append(key)


def _proper(column: Column) -> int:
    """How many of a column's names are its own; those after them are aliases."""
    return 2 if column.group else 1


def _places(name: str, names: list[list[str]], taken: set[int]) -> list[int]:
    """Where ``name`` stands: as a whole heading, or else below a heading over several columns."""
    found = [i for i, known in enumerate(names) if name in known and i not in taken]
    return [i for i in found if names[i][0] == name] or found
