"""The SQL of an import, kept in files: placeholders for cells filled in once."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from intake.spreadsheets.tables import Form

#: What people write into a cell to say that there is nothing to write.
NOTHING = ("", "无", "暂无", "没有", "/", "-", "--", "—", "——", "–", "、")
_BLANKS = "array[" + ",".join(f"'{word}'" for word in NOTHING) + "]"
#: Statements that forms of any app are made of, such as how a day is read.
SHARED = Path(__file__).parent / "sql"
_CELL = re.compile(r"@(?:(\w+)\((\w+)\)|(\w+))")
_COMMENT = re.compile(r"^ *--.*\n", re.MULTILINE)
_PENDING = _COMMENT.sub("", (SHARED / "pending.sql").read_text(encoding="utf-8")).strip()


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements in a folder, and those shared by all, about the rows of one form.

    In them ``@key`` stands for the cell of that column and ``@blank(key)`` for the same with “无” and
    the like emptied; ``<pending>`` for the rows that wait (aliased ``r``), ``<place>`` for another
    statement.
    """

    folder: Path
    form: Form
    #: Other ways to read a cell, ``@way(key)``: each is told how cells are reached, and the key.
    ways: Mapping[str, Callable[[Callable[[str], str], str], str]] = field(default_factory=dict)

    def read(self, name: str, **parts: str) -> str:
        own = self.folder / f"{name}.sql"
        text = (own if own.exists() else SHARED / own.name).read_text(encoding="utf-8")
        return self.filled(_COMMENT.sub("", text), **parts)

    def filled(self, text: str, **parts: str) -> str:
        """``text`` with every placeholder put in its place."""
        for place, part in {**parts, "pending": _PENDING}.items():
            text = text.replace(f"<{place}>", part)
        return _CELL.sub(self._cell, text)

    def place(self, key: str) -> str:
        """The cell of a column, as it stands."""
        keys = [column.key for column in self.form.columns]
        return f"r.cells[{keys.index(key) + 1}]"

    def _cell(self, found: re.Match[str]) -> str:
        way, inner, plain = found.groups()
        if way is None:
            return self.place(plain)
        return emptied(self.place(inner)) if way == "blank" else self.ways[way](self.place, inner)


def emptied(cell: str) -> str:
    """The cell, with what people write for nothing taken out."""
    return f"(case when {cell} = any({_BLANKS}) then '' else {cell} end)"


def execute(statement: str, values: Mapping[str, Any]) -> int:
    """Run one statement of an import; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def gather(statement: str, values: Mapping[str, Any]) -> int:
    """Put the rows that stand into the session's table ``incoming`` by ``statement``; how many.

    The table goes with the transaction. It is analyzed at once: a table without statistics is planned as a
    handful of rows, and joins that suit a handful take hours for a hundred thousand.
    """
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.incoming")
        cursor.execute(statement, values)
        count = cursor.rowcount
        cursor.execute("analyze incoming")
    return count


@contextmanager
def joined_by_hash() -> Iterator[None]:
    """Inside, nothing is joined row by row.

    Fresh rows have no statistics: taken for a handful, their many cells would be looked up one by one.
    """
    with connection.cursor() as cursor:
        cursor.execute("set local enable_nestloop = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("set local enable_nestloop = on")
