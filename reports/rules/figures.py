"""A figure before it is written: the figure itself and the rows it says it counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from policies.rules.targets import ANSWERS, Standing
from policies.wording import chinese_day

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from organizations.models import Organization
    from policies.library.policy import Policy
    from reports.models import Figure
    from reports.rules.snapshots import Part


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What a report is drawn up for: the words, the year, the root of the tree, the day it is done."""

    policy: Policy
    year: int
    root: Organization
    home: Organization | None
    today: date

    @property
    def is_whole(self) -> bool:
        """Whether the whole programme lies within the root, so that its totals can be held against."""
        return self.home is not None and self.home.path.startswith(self.root.path)

    @property
    def is_within(self) -> bool:
        """Whether the policy has anything to say about the root at all."""
        return self.is_whole or (
            self.home is not None and self.root.path.startswith(self.home.path)
        )


def as_of(standing: str, last: date, today: date) -> list[str]:
    """That the period is not over, where a figure is judged all the same."""
    is_open = standing in {*ANSWERS, Standing.ADVISED} and today <= last
    return [f"年度尚未结束，为截至{chinese_day(today)}的数据"] if is_open else []


@dataclass(frozen=True, slots=True)
class Counted:
    """A part to keep, what counting its rows must come to, and the rows if they are known."""

    part: Part
    expected: int
    is_distinct: bool = False
    rows: QuerySet | None = None
    made: Decimal | None = None  # the figure, where it is not the number of rows

    @property
    def actual(self) -> Decimal:
        return Decimal(self.expected) if self.made is None else self.made


@dataclass(slots=True)
class Entry:
    """One figure to be written."""

    figure: Figure
    counted: list[Counted] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.figure.kind, self.figure.measure, self.figure.place_code
