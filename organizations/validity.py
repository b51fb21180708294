"""From when until when a row holds: the one form of “in force” for queries, for a row at hand, for SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """Two columns of days: the first that counts, and the first that no longer does (NULL: open)."""

    first: str
    until: str

    def lasting(self, day: date, at: str = "") -> Q:
        """Rows that have not ended by ``day``, begun or not; ``at`` leads to them, e.g. ``"body__"``."""
        until = f"{at}{self.until}"
        return Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day})

    def during(self, first: date, last: date, at: str = "") -> Q:
        """Rows that hold on any day from ``first`` to ``last``."""
        return Q(**{f"{at}{self.first}__lte": last}) & self.lasting(first, at)

    def on(self, day: date, at: str = "") -> Q:
        """Rows that hold on ``day``."""
        return self.during(day, day, at)

    def holds(self, row: Any, first: date, last: date | None = None) -> bool:
        """The same of one row: on a day, or on any day up to ``last``."""
        return getattr(row, self.first) <= (last or first) and not self.has_ended(row, first)

    def has_ended(self, row: Any, day: date) -> bool:
        """Whether one row no longer holds on ``day``; one that has not begun has not ended."""
        until = getattr(row, self.until)
        return until is not None and until <= day

    def sql(self, first: str, last: str = "", at: str = "") -> str:
        """The same as a condition; the days are expressions or placeholders, ``at`` as ``"b."``."""
        until = f"{at}{self.until}"
        return f"{at}{self.first} <= {last or first} and ({until} is null or {until} > {first})"


#: Of bodies of the tree, and of roles.
VALIDITY = Span("valid_from", "valid_until")


def in_force(at: str = "", *, on: date | None = None) -> Q:
    """Bodies or roles whose dates hold on a day, today if none is given."""
    return VALIDITY.on(on or timezone.localdate(), at)
