"""How the targets of a policy count academies: by tier, built within a period, or standing at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from academies.models import Academy
from organizations.models import Organization
from policies.facts import Rows
from policies.rules.measures import Measure, register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policies.rules.periods import Period

Tier = Academy.Tier


def standing(last: date) -> Q:
    """Academies on the last day of a period."""
    return Academy.DAYS.on(last)


def built(first: date, last: date) -> Q:
    """Those of them that were designated within it."""
    return standing(last) & Q(designated_on__gte=first)


def below(organization: int) -> Q:
    """Academies of a body's subtree, where it hangs today: a path is stored nowhere else."""
    path = Organization.objects.values_list("path", flat=True).get(pk=organization)
    return Q(supervising_union__path__startswith=path)


def _conditions(params: Mapping[str, Any]) -> Q:
    return Q(tier=params["tier"]) & below(params["organization"])


AT_THE_END = Rows(
    code="academies.standing",
    model=Academy,
    where=lambda p: standing(date.fromisoformat(p["last"])) & _conditions(p),
)
NAMED = Rows(
    code="academies.built",
    model=Academy,
    where=lambda p: (
        built(date.fromisoformat(p["first"]), date.fromisoformat(p["last"])) & _conditions(p)
    ),
)


def _are_on_file(organization: Organization, period: Period) -> bool:
    """Whether any academies are on file there by the end of the period."""
    return Academy.objects.filter(
        supervising_union__path__startswith=organization.path, designated_on__lte=period.last
    ).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcademyMeasure(Measure):
    """The same of all that a reader sees, for the board of the plan and the list that it opens."""

    @property
    def tier(self) -> str:
        return self.fixed["tier"]

    def counted(self, period: Period) -> Q:
        """The academies of a period, wherever they are."""
        is_built = self.rows is NAMED
        days = built(period.first, period.last) if is_built else standing(period.last)
        return Q(tier=self.tier) & days

    def listed(self, year: int) -> dict[str, Any]:
        """What to ask the list of academies so that it shows just those."""
        within = {"built": year} if self.rows is NAMED else {}
        return {"tier": self.tier, "standing": year, **within}


def _of_tier(code: str, rows: Rows, tier: Tier) -> AcademyMeasure:
    return AcademyMeasure(
        code=code, rows=rows, has_data=_are_on_file, fixed={"tier": str(tier.value)}
    )


_ALL = (
    _of_tier("demonstration_academies", AT_THE_END, Tier.DEMONSTRATION),
    _of_tier("capital_academies", AT_THE_END, Tier.CAPITAL),
    _of_tier("capital_coverage", AT_THE_END, Tier.CAPITAL),
    _of_tier("capital_academies_built", NAMED, Tier.CAPITAL),
    _of_tier("district_academies", AT_THE_END, Tier.DISTRICT),
    _of_tier("district_academies_built", NAMED, Tier.DISTRICT),
)
OFFERED = {measure.code: measure for measure in _ALL}
register(*_ALL)
