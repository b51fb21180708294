"""The figures of one report in the order in which a reader meets them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from academies.models import Academy
from policies.rules.targets import Standing
from reports.models import Figure
from reports.rules.charts import Bar, Share, bars_of_their_own, bars_together, shares_of

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(slots=True)
class Line:
    """One place across the columns of a table."""

    code: str
    name: str
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def short_count(self) -> int:
        return sum(1 for figure in self.figures.values() if figure.met is False)


@dataclass(slots=True)
class Sheet:
    """A table of places by targets or standards."""

    title: str
    columns: dict[str, Figure] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)

    def add(self, figure: Figure) -> None:
        self.columns.setdefault(figure.code, figure)
        line = self.lines.setdefault(figure.place_code, Line(figure.place_code, figure.place_name))
        line.figures[figure.code] = figure

    @property
    def rows(self) -> list[tuple[Line, list[Figure | None]]]:
        """Each place with its figures in the order of the columns."""
        return [
            (line, [line.figures.get(code) for code in self.columns])
            for line in self.lines.values()
        ]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of the unions for one target."""

    figure: Figure
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a report says: the totals, the unions, the standards, the academies."""

    totals: list[Figure]
    unions: Sheet
    standards: list[Figure]
    academies: list[Sheet]
    tallies: list[tuple[Standing, int]]

    @property
    def total_bars(self) -> list[Bar]:
        """Totals that have both a plan and a count; the others stand in the table only."""
        return bars_of_their_own(
            f for f in self.totals if f.actual is not None and f.planned is not None
        )

    @property
    def union_charts(self) -> list[Chart]:
        charts = []
        for code, first in self.unions.columns.items():
            figures = [f for _, row in self.unions.rows for f in row if f and f.code == code]
            if any(f.actual is not None for f in figures):
                charts.append(Chart(first, bars_together(figures)))
        return charts

    @property
    def shares(self) -> list[Share]:
        each = [f for sheet in self.academies for _, row in sheet.rows for f in row if f]
        return shares_of(self.standards, each)


def outline_of(figures: Iterable[Figure]) -> Outline:
    """The figures of a report, laid out."""
    totals, standards = [], []
    unions = Sheet("各区总工会、产业工会")
    academies: dict[str, Sheet] = {}
    for figure in figures:
        if figure.kind == Figure.Kind.TARGET:
            if figure.is_total:
                totals.append(figure)
            else:
                unions.add(figure)
        elif figure.academy is None:
            standards.append(figure)
        else:
            tier = str(Academy.Tier(figure.academy.tier).label)
            academies.setdefault(tier, Sheet(tier)).add(figure)
    counted = [Standing(f.standing) for f in (*totals, *standards)]
    tallies = [(s, counted.count(s)) for s in Standing if s in counted]
    return Outline(totals, unions, standards, list(academies.values()), tallies)
