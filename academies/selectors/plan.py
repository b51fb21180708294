"""The plan board 1＋40＋N: academies designated by year and union, against what the policy promises."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from academies.models import Academy
from organizations.models import Organization
from policies import wording
from policies.library.editions import editions_applying, policy_by_digest
from policies.library.policy import Scope
from policies.rules.findings import figure
from policies.rules.periods import period_of
from policies.rules.targets import Plan, Standing, judge, plan_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from organizations.models import User
    from policies.library.policy import Baseline, Policy, Target
    from policies.rules.periods import Period

Tier = Academy.Tier
UNIONS = (Organization.Kind.DISTRICT, Organization.Kind.INDUSTRY)
#: What the policies count by, and of which tier: built within a year, or standing at its end.
BUILT = {"capital_academies_built": Tier.CAPITAL, "district_academies_built": Tier.DISTRICT}
STANDING = {
    "demonstration_academies": Tier.DEMONSTRATION,
    "capital_academies": Tier.CAPITAL,
    "capital_coverage": Tier.CAPITAL,
    "district_academies": Tier.DISTRICT,
}


@dataclass(slots=True)
class Tally:
    """Academies of one union, or of all: built by tier and year, standing by tier and year's end."""

    built: Counter[tuple[str, int]] = field(default_factory=Counter)
    standing: Counter[tuple[str, int]] = field(default_factory=Counter)

    def count(self, academy: Academy, years: Iterable[int]) -> None:
        self.built[academy.tier, academy.designated_on.year] += 1
        for year in years:
            if academy.stands_on(date(year, 12, 31)):
                self.standing[academy.tier, year] += 1

    def measured(self, measure: str, year: int) -> int | None:
        """What a policy's word counts in a year; None for a word that counts no academies."""
        if measure in BUILT:
            return self.built[BUILT[measure], year]
        if measure in STANDING:
            return self.standing[STANDING[measure], year]
        return None


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the board against its plan, judged as the annual report judges it.

    Before the last day of the year nothing is short yet. ``query`` is what the list of academies is
    asked for to show those counted.
    """

    year: int
    actual: int
    planned: str
    standing: Standing
    query: str


@dataclass(frozen=True, slots=True)
class Line:
    """One union with its figures in the order of the columns."""

    union: Organization
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One promise to every union, for one period."""

    target: Target
    period: Period

    @property
    def year(self) -> int:
        return self.period.last.year


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the document says was there at the beginning, against the register."""

    baseline: Baseline
    actual: int

    @property
    def said(self) -> str:
        return wording.baseline_words(self.baseline)

    @property
    def difference(self) -> int:
        return self.actual - int(self.baseline.number)


@dataclass(frozen=True, slots=True)
class Board:
    """The whole plan as far as the reader may see."""

    policy: Policy | None
    total: tuple[tuple[Target, Cell], ...] = ()
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    others: int = 0
    by_tier: dict[str, int] = field(default_factory=dict)
    baselines: tuple[Reconciled, ...] = ()


def plan_policy(day: date) -> Policy | None:
    """The edition in force that promises academies."""
    for edition in editions_applying(day).order_by("code"):
        policy = policy_by_digest(edition.digest)
        if any(target.measure in {**BUILT, **STANDING} for target in policy.targets):
            return policy
    return None


def tallies(user: User, years: Iterable[int]) -> tuple[Tally, list[tuple[Organization, Tally]]]:
    """All in sight, and each district and industry union in sight; two queries."""
    years = tuple(years)
    unions = list(
        Organization.objects.visible_to(user)
        .filter(kind__in=UNIONS)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=timezone.localdate()))
        .order_by("kind", "code")
    )
    total, each = Tally(), {union.path: Tally() for union in unions}
    rows = Academy.objects.visible_to(user).select_related("supervising_union")
    for academy in rows:
        total.count(academy, years)
        if tally := _tally_above(academy.supervising_union.path, each):
            tally.count(academy, years)
    return total, [(union, each[union.path]) for union in unions]


def _tally_above(path: str, each: dict[str, Tally]) -> Tally | None:
    """That of the district or industry union which a path is, or lies below."""
    while path.count("/") > 1:
        if path in each:
            return each[path]
        path = path[: path.rstrip("/").rindex("/") + 1]
    return None


def board(user: User, *, today: date) -> Board:
    """The plan of the policy in force ``today``: totals, and unions by the promises made for each."""
    policy = plan_policy(today)
    if policy is None:
        return Board(None)
    years = _years(policy)
    total, each = tallies(user, {*years, *(b.at_end_of for b in policy.baselines)})
    targets = [t for t in policy.targets if t.measure in {**BUILT, **STANDING}]
    columns = tuple(
        Column(target, period)
        for target in targets
        if target.scope is Scope.EACH_UNION
        for period in _periods_of(target, policy)
    )
    lines = tuple(
        Line(union, tuple(_cell(column, tally, today, union) for column in columns))
        for union, tally in each
    )
    cities = Organization.objects.visible_to(user).filter(kind=Organization.Kind.CITY)
    if not cities.exists():  # what the reader sees is not the whole
        return Board(policy, columns=columns, lines=lines)
    at = min(max(years), today.year)
    return Board(
        policy,
        total=tuple(
            (target, _cell(Column(target, period), total, today))
            for target in targets
            if target.scope is Scope.TOTAL
            for period in _periods_of(target, policy)
        ),
        columns=columns,
        lines=lines,
        others=_below_no_union(total, [tally for _, tally in each], at),
        by_tier={str(tier.label): total.standing[tier, at] for tier in Tier},
        baselines=tuple(
            Reconciled(b, sum(total.measured(m, b.at_end_of) or 0 for m in b.measures))
            for b in policy.baselines
        ),
    )


def _below_no_union(total: Tally, each: Iterable[Tally], year: int) -> int:
    """Academies that answer to a body below none of the unions (a group, the city itself)."""
    placed = sum((tally.standing for tally in each), Counter())
    return sum(
        count - placed[tier, at] for (tier, at), count in total.standing.items() if at == year
    )


def _years(policy: Policy) -> tuple[int, ...]:
    """The calendar years an edition covers."""
    last = policy.effective_until.year - 1 if policy.effective_until else policy.effective_from.year
    return tuple(range(policy.effective_from.year, last + 1))


def _periods_of(target: Target, policy: Policy) -> Iterator[Period]:
    """The periods a target is looked at: its own year, the one it is due in, or each."""
    own = target.year if target.year is not None else target.by
    for year in _years(policy) if own is None else (own,):
        if period := period_of(target, year):
            yield period


def _cell(column: Column, tally: Tally, today: date, union: Organization | None = None) -> Cell:
    target, period = column.target, column.period
    actual, plan = tally.measured(target.measure, column.year) or 0, plan_of(target)
    is_due = period.is_due and today > period.last
    judgement = judge(plan, Decimal(actual), replace(period, is_due=is_due), unit_of(target))
    query = _query(target, column.year, union)
    return Cell(column.year, actual, _planned(plan), judgement.standing, query)


def _planned(plan: Plan) -> str:
    least, most = ("" if end is None else figure(end) for end in (plan.planned, plan.planned_most))
    if most:
        return f"{least}至{most}"
    return least if plan.is_exact else f"{'≤' if plan.least is None else '≥'}{least}"


def _query(target: Target, year: int, union: Organization | None) -> str:
    """What to ask the list of academies so that it shows just those a figure counts."""
    built = BUILT.get(target.measure)
    asked = {"tier": built or STANDING[target.measure], "built" if built else "standing": year}
    if union is not None:
        asked["union"] = union.code
    return urlencode(asked)
