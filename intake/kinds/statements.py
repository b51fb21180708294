"""The SQL of an import, kept in files: placeholders for cells filled in once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.spreadsheets.tables import Form

#: What people write into a cell to say that there is nothing to write.
NOTHING = ("", "无", "暂无", "没有", "/", "-", "--", "—", "——", "–", "、")
_BLANKS = "array[" + ",".join(f"'{word}'" for word in NOTHING) + "]"
#: Statements that forms of any app are made of, such as how a day is read.
SHARED = Path(__file__).parent / "sql"
_CELL = re.compile(r"@(?:blank\((\w+)\)|(\w+))")
_COMMENT = re.compile(r"^ *--.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements in a folder, and those shared by all, about the rows of one form.

    In them ``@key`` stands for the cell of that column and ``@blank(key)`` for the same with “无” and
    the like emptied; ``<place>`` is filled with another statement.
    """

    folder: Path
    form: Form

    def read(self, name: str, **parts: str) -> str:
        own = self.folder / f"{name}.sql"
        text = (own if own.exists() else SHARED / own.name).read_text(encoding="utf-8")
        return self.filled(_COMMENT.sub("", text), **parts)

    def filled(self, text: str, **parts: str) -> str:
        """``text`` with every placeholder put in its place."""
        for place, part in parts.items():
            text = text.replace(f"<{place}>", part)
        return _CELL.sub(self._cell, text)

    def _cell(self, found: re.Match[str]) -> str:
        blank, plain = found.groups()
        keys = [column.key for column in self.form.columns]
        cell = f"r.cells[{keys.index(blank or plain) + 1}]"
        return f"(case when {cell} = any({_BLANKS}) then '' else {cell} end)" if blank else cell
