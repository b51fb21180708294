"""The plan board 1＋40＋N: academies designated by year and union, against what the policy promises."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, Q

from academies.facts.measures import OFFERED, standing
from academies.models import Academy
from organizations.models import Organization
from organizations.validity import in_force
from policies import wording
from policies.library.editions import editions_applying, policy_by_digest
from policies.library.policy import Scope
from policies.rules.findings import figure
from policies.rules.periods import period_of, up_to
from policies.rules.targets import Plan, Standing, judge, plan_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from organizations.models import User
    from policies.library.policy import Baseline, Policy, Target
    from policies.rules.periods import Period

    #: A policy's word with the first and the last day of a period; a tier alone: at the end.
    Question = tuple[str, date, date] | str

Tier = Academy.Tier
UNIONS = (Organization.Kind.DISTRICT, Organization.Kind.INDUSTRY)


@dataclass(slots=True)
class Tally:
    """Academies of one union, or of all, as far as the reader sees: how many for each question."""

    counts: Counter[Question] = field(default_factory=Counter)

    def measured(self, measure: str, period: Period) -> int:
        """What a policy's word counts in a period."""
        return self.counts[measure, period.first, period.last]

    def standing(self, tier: Tier) -> int:
        """Academies of a tier that stand at the end of the year, or of the plan."""
        return self.counts[tier]


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
    def stated(self) -> str:
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
        if any(target.measure in OFFERED for target in policy.targets):
            return policy
    return None


def tallies(
    user: User, questions: Mapping[Question, Q]
) -> tuple[Tally, list[tuple[Organization, Tally]]]:
    """All in sight, and each district and industry union in sight; two queries."""
    unions = list(
        Organization.objects.visible_to(user)
        .filter(in_force(), kind__in=UNIONS)
        .order_by("kind", "code")
    )
    total, each = Tally(), {union.path: Tally() for union in unions}
    counted = {
        f"count_{n}": Count("pk", filter=conditions)
        for n, conditions in enumerate(questions.values())
    }
    by_union = Academy.objects.visible_to(user).order_by().values_list("supervising_union__path")
    for path, *numbers in by_union.annotate(**counted):
        found = Counter(dict(zip(questions, numbers, strict=True)))
        total.counts += found
        if tally := _tally_above(path, each):
            tally.counts += found
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
    targets = [t for t in policy.targets if t.measure in OFFERED]
    promised = [Column(t, period) for t in targets for period in _periods_of(t, policy)]
    columns = tuple(c for c in promised if c.target.scope is Scope.EACH_UNION)
    at = min(max(_years(policy)), today.year)
    total, each = tallies(user, _questions(policy, promised, at))
    lines = tuple(
        Line(union, tuple(_cell(column, tally, today, union) for column in columns))
        for union, tally in each
    )
    cities = Organization.objects.visible_to(user).filter(kind=Organization.Kind.CITY)
    if not cities.exists():  # what the reader sees is not the whole
        return Board(policy, columns=columns, lines=lines)
    return Board(
        policy,
        total=tuple(
            (column.target, _cell(column, total, today))
            for column in promised
            if column.target.scope is Scope.TOTAL
        ),
        columns=columns,
        lines=lines,
        others=sum(total.standing(t) - sum(y.standing(t) for _, y in each) for t in Tier),
        by_tier={str(tier.label): total.standing(tier) for tier in Tier},
        baselines=tuple(
            Reconciled(b, sum(total.measured(m, up_to(b.at_end_of)) for m in b.measures))
            for b in policy.baselines
        ),
    )


def _questions(policy: Policy, columns: Iterable[Column], at: int) -> dict[Question, Q]:
    """What has to be counted: each promise in its period, the beginning, and what stands by tier."""
    words = [(c.target.measure, c.period) for c in columns]
    words += [(m, up_to(b.at_end_of)) for b in policy.baselines for m in b.measures]
    conditions: dict[Question, Q] = {
        (measure, period.first, period.last): OFFERED[measure].counted(period)
        for measure, period in words
        if measure in OFFERED
    }
    return conditions | {tier: Q(tier=tier) & standing(date(at, 12, 31)) for tier in Tier}


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
    actual, plan = tally.measured(target.measure, period), plan_of(target)
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
    query = OFFERED[target.measure].listed(year)
    if union is not None:
        query["union"] = union.code
    return urlencode(query)
