"""How the measures of policies are counted here: which question answers a target or a standard.

A measure that nobody answers is 无数据: planned stands, actual is unknown, nobody has missed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from academies.models import Academy
from reports.rules.snapshots import Part

if TYPE_CHECKING:
    from collections.abc import Callable

    from academies.rules import Position
    from organizations.models import Organization
    from policies.rules.periods import Period


@dataclass(frozen=True, slots=True)
class Measure:
    """Academies of one tier: all that stand, or those designated within the period."""

    query: str
    tier: str

    def part(self, organization: Organization, period: Period) -> Part:
        """The question for one body's subtree and one period."""
        params = {
            "organization": organization.pk,
            "tier": self.tier,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        }
        return Part(self.query, params)

    def has_data(self, organization: Organization, period: Period) -> bool:
        """Whether academies are on file there at all by the end of the period.

        Asked of the place the policy is for: a union below that built none has built none.
        """
        return Academy.objects.filter(
            supervising_union__path__startswith=organization.path,
            designated_on__lte=period.last,
        ).exists()


MEASURES: dict[str, Measure] = {
    "demonstration_academies": Measure("academies.standing", Academy.Tier.DEMONSTRATION),
    "capital_academies": Measure("academies.standing", Academy.Tier.CAPITAL),
    "capital_coverage": Measure("academies.standing", Academy.Tier.CAPITAL),
    "capital_academies_built": Measure("academies.built", Academy.Tier.CAPITAL),
    "district_academies": Measure("academies.standing", Academy.Tier.DISTRICT),
    "district_academies_built": Measure("academies.built", Academy.Tier.DISTRICT),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One set of rows behind a fact about an academy, and what counting them must come to."""

    query: str
    title: str
    expected: Callable[[Position], int]
    is_distinct: bool = False
    years_back: int = 0

    def part(self, position: Position) -> Part:
        year = position.year - self.years_back
        params: dict[str, Any] = {"academy": position.academy.pk}
        if self.query == "brands.standing":
            params["last"] = f"{year}-12-31"
        else:
            params["year"] = year
        return Part(self.query, params, self.title)


def _now(column: str) -> Callable[[Position], int]:
    return lambda position: getattr(position.figures, column)


def _before(column: str) -> Callable[[Position], int]:
    return lambda position: getattr(position.before, column) if position.before else 0


_GROWTH = (
    Evidence("enrolments.upgraded", "本年提升技能", _now("upgraded_persons"), is_distinct=True),
    Evidence(
        "enrolments.upgraded",
        "上年提升技能",
        _before("upgraded_persons"),
        is_distinct=True,
        years_back=1,
    ),
)

#: What stands behind each fact that a standard may ask of an academy.
EVIDENCE: dict[str, tuple[Evidence, ...]] = {
    "brands": (Evidence("brands.standing", "", lambda position: position.brands),),
    "trained_persons": (Evidence("enrolments.all", "", _now("persons"), is_distinct=True),),
    "trained_person_times": (Evidence("enrolments.all", "", _now("person_times")),),
    "practical_sessions": (Evidence("classes.practical", "", _now("practical_classes")),),
    "practical_persons": (
        Evidence("enrolments.practical", "", _now("practical_persons"), is_distinct=True),
    ),
    "upgraded_growth": _GROWTH,
    "upgraded_share_growth": (
        *_GROWTH,
        Evidence("enrolments.all", "本年参训", _now("persons"), is_distinct=True),
        Evidence("enrolments.all", "上年参训", _before("persons"), is_distinct=True, years_back=1),
    ),
}
