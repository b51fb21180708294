"""Plan and actual as bars: lengths worked out here, drawn as SVG by the page and by the print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.rules.findings import figure as plain
from policies.rules.targets import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from reports.models import Figure

FULL = 1000
#: Room beyond the longest bar, so that a mark at its end can be seen.
ROOM = 1.1


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure as a bar: how long, and where the plan is marked (a span at both ends), in thousandths of the width."""

    figure: Figure
    length: int
    marks: tuple[int, ...]

    @property
    def words(self) -> str:
        actual = "无数据" if self.figure.actual is None else plain(self.figure.actual)
        planned = "未定" if self.figure.planned is None else plain(self.figure.planned)
        return f"实际{actual}，计划{planned}"


@dataclass(frozen=True, slots=True)
class Share:
    """How a standard divides the academies it is asked of, in thousandths of the width.

    ``open`` holds those for whom it stays open: only pointed out, or not asked of them.
    """

    figure: Figure
    met: int
    short: int
    open: int
    met_count: int
    short_count: int
    advised_count: int
    open_count: int


def bars_of_their_own(figures: Iterable[Figure]) -> list[Bar]:
    """Bars of figures in different units: each against its own plan."""
    return [_bar(figure, _end([figure])) for figure in figures]


def bars_together(figures: Iterable[Figure]) -> list[Bar]:
    """Bars of figures in the same unit, on one scale."""
    listed = list(figures)
    end = _end(listed)
    return [_bar(figure, end) for figure in listed]


def shares_of(totals: Iterable[Figure], each: Iterable[Figure]) -> list[Share]:
    """For each standard, how many academies meet it, do not, and to how many it does not apply."""
    by_standard: dict[str, dict[str, set[str]]] = {}
    for figure in each:
        places = by_standard.setdefault(figure.standard, {})
        places.setdefault(figure.place_code, set()).add(figure.standing)
    return [_share(total, [*by_standard.get(total.standard, {}).values()]) for total in totals]


def _share(total: Figure, standings: list[set[str]]) -> Share:
    """``standings`` holds what each academy's figures say: of alternatives one is enough."""
    met = sum(1 for standing in standings if Standing.MET in standing)
    short = sum(
        1 for standing in standings if Standing.SHORT in standing and Standing.MET not in standing
    )
    advised = sum(
        1 for standing in standings if Standing.ADVISED in standing and Standing.MET not in standing
    )
    left = len(standings) - met - short
    whole = len(standings) or 1
    met_width, short_width = FULL * met // whole, FULL * short // whole
    rest = FULL - met_width - short_width if left else 0
    return Share(total, met_width, short_width, rest, met, short, advised, left - advised)


def _end(figures: list[Figure]) -> float:
    ends = [_float(value) for f in figures for value in (f.planned, f.planned_most, f.actual)]
    return max(ends, default=0.0) * ROOM or 1.0


def _bar(figure: Figure, end: float) -> Bar:
    bounds = [value for value in (figure.planned, figure.planned_most) if value is not None]
    return Bar(figure, _place(figure.actual, end), tuple(_place(value, end) for value in bounds))


def _place(value: Decimal | None, end: float) -> int:
    return max(0, min(FULL, round(FULL * _float(value) / end)))


def _float(value: Decimal | None) -> float:
    return 0.0 if value is None else float(value)
