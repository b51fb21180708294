"""A paper of the city union: title, words, facts, tables, signatures; A4, one look for all of them."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pages.documents import printed

if TYPE_CHECKING:
    from collections.abc import Sequence

TEMPLATE = Path(__file__).with_name("paper.typ")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on paper; ``widths`` are shares of the line."""

    title: str
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is printed; ``subject`` is the row it is about, as records name it."""

    title: str
    issuer: str
    subject: str
    addressee: str = ""
    words: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    tables: Sequence[Grid] = ()
    signatures: Sequence[tuple[str, str]] = field(default=())

    def pdf(self) -> bytes:
        """The same data gives the same code: what was printed is told from what was changed since."""
        content = asdict(self)
        digest = hashlib.sha256(repr(content).encode()).hexdigest()[:12].upper()
        return printed(TEMPLATE, content | {"code": f"{self.subject} {digest}"})
