"""On which line each key of a TOML file stands, so that a refusal can point at it.

``tomllib`` does not tell. This follows only the layout the library uses: table headers and
``key =`` at the start of a line; strings and arrays may run over several lines.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{}]')


class _Nesting:
    """Whether the text read so far leaves a string or an array open."""

    def __init__(self) -> None:
        self.fence = ""
        self.depth = 0

    @property
    def is_open(self) -> bool:
        return bool(self.fence) or self.depth > 0

    def feed(self, line: str) -> None:
        at = 0
        while at < len(line):
            if self.fence:
                end = line.find(self.fence, at)
                if end < 0:
                    return
                self.fence, at = "", end + 3
                continue
            token = _TOKEN.search(line, at)
            if token is None:
                return
            at = token.end()
            if token[0] in ('"""', "'''"):
                self.fence = token[0]
            else:
                self.depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)


@lru_cache(maxsize=64)
def line_numbers(text: str) -> Mapping[Path, int]:
    """The 1-based line of each table and key: ``("criteria", 3, "fact") -> 41``."""
    lines: dict[Path, int] = {}
    counts: dict[str, int] = {}
    table: Path = ()
    nesting = _Nesting()
    for number, line in enumerate(text.split("\n"), start=1):
        if nesting.is_open:
            nesting.feed(line)
        elif header := _HEADER.match(line):
            name = header[2]
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (name, counts[name])
            else:
                table = tuple(name.split("."))
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, key[1]), number)
            nesting.feed(line[key.end() :])
    return MappingProxyType(lines)


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of ``path``, or of the nearest thing that contains it; 1 if nothing does."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1
