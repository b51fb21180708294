"""What waits for a person: the shape in which every app hands its queues to the home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Queue:
    """One thing that waits: how many, where to, until when. ``tone`` is good, warn, bad or info.

    ``href`` opens exactly what ``count`` counts.
    """

    title: str
    count: int | str
    href: str = ""
    unit: str = "项"
    deadline: date | None = None
    tone: str = ""
    note: str = ""

    @property
    def waits(self) -> bool:
        """Whether somebody is to act: it has a deadline, or is marked; else it only says how things stand."""
        return self.deadline is not None or self.tone in {"warn", "bad", "info"}
