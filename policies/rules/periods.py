"""From when to when a target counts, seen from the end of a year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policies.library.policy import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days that count, whether all that went before counts too, and whether it is over.

    ``is_due`` says that the target can be called missed; before that it is only not yet reached.
    """

    first: date
    last: date
    is_cumulative: bool
    is_due: bool
    words: str


def period_of(target: Target, year: int) -> Period | None:
    """What of the target is counted at the end of ``year``; None if it is about another year."""
    if target.year is not None:
        return _of_one_year(year) if target.year == year else None
    if target.by is not None:
        return replace(up_to(target.by), last=_end(year), is_due=year >= target.by)
    length = target.every_years or 1
    if length == 1:
        return _of_one_year(year)
    begin = year - (year - (target.cycle_begins or year)) % length
    last = begin + length - 1
    return Period(
        first=date(begin, 1, 1),
        last=_end(year),
        is_cumulative=False,
        is_due=year == last,
        words=f"{begin}至{last}年（每{length}年）",
    )


def up_to(year: int) -> Period:
    """All that there is by the end of a year."""
    return Period(
        first=date(1900, 1, 1),
        last=_end(year),
        is_cumulative=True,
        is_due=True,
        words=f"到{year}年底累计",
    )


def _of_one_year(year: int) -> Period:
    return Period(
        first=date(year, 1, 1),
        last=_end(year),
        is_cumulative=False,
        is_due=True,
        words=f"{year}年",
    )


def _end(year: int) -> date:
    return date(year, 12, 31)
