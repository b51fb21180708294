"""From when to when a target counts, seen from the year of a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policies.policy import Policy, Target


@dataclass(frozen=True, slots=True)
class Period:
    """The days that count, whether all that went before counts too, and whether it is over.

    ``is_due`` says that the target can be called missed; before that it is only not yet reached.
    """

    first: date
    last: date
    is_cumulative: bool
    is_due: bool
    words: str


def period_of(target: Target, policy: Policy, year: int) -> Period | None:
    """What of the target is counted at the end of ``year``; None if it is about another year."""
    if target.year is not None:
        return _of_one_year(year) if target.year == year else None
    if target.by is not None:
        words = f"到{target.by}年底累计"
        return Period(date(1900, 1, 1), _end(year), True, year >= target.by, words)
    length = target.every_years or 1
    start = policy.effective_from.year
    begin = start + (year - start) // length * length
    if length == 1:
        return _of_one_year(year)
    last = begin + length - 1
    words = f"{begin}至{last}年（每{length}年）"
    return Period(date(begin, 1, 1), _end(year), False, year == last, words)


def _of_one_year(year: int) -> Period:
    return Period(date(year, 1, 1), _end(year), False, True, f"{year}年")


def _end(year: int) -> date:
    return date(year, 12, 31)
