"""The targets of a policy as figures: the total of the tree, and each union the target names."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from policies.library.policy import Scope, Target
from policies.library.vocabulary import TERMS
from policies.rules.measures import measure_of
from policies.rules.periods import Period, period_of
from policies.rules.targets import Judgement, Plan, Standing, judge, plan_of, unit_of
from reports.models import Figure
from reports.rules.figures import Counted, Entry, ReportContext, as_of
from reports.rules.snapshots import Part
from reports.rules.unions import unions_below

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models import Organization

NO_HOME = "无数据：系统中没有登记{place}的工会组织"
NOT_RECORDED = "无数据：系统尚未登记“{label}”"
NOT_DIVIDED = "目标按{place}合计下达，不分解到本级，只列实际数"


def target_entries(context: ReportContext) -> list[Entry]:
    """Every target that counts in the year, in the order of the document."""
    entries: dict[tuple[str, str, str], Entry] = {}
    for target, period in targets_counting(context.policy.targets, context):
        for entry in _entries(_Target(target, period, context)):
            known = entries.get(entry.key)
            if known is None or known.figure.standing == Standing.NOT_APPLICABLE:
                entries[entry.key] = entry
    return list(entries.values())


def targets_counting(
    targets: Iterable[Target], context: ReportContext
) -> list[tuple[Target, Period]]:
    """The targets with their periods; of cumulative ones about the same, the one due next."""
    chosen: dict[tuple, tuple[Target, Period]] = {}
    for target in targets:
        period = period_of(target, context.year)
        if period is None:
            continue
        key = (target.measure, target.scope, period.is_cumulative)
        known = chosen.get(key)
        if known is None or _comes_sooner(target, known[0], context.year):
            chosen[key] = (target, period)
    return list(chosen.values())


def _comes_sooner(one: Target, other: Target, year: int) -> bool:
    """Whether ``one`` falls due before ``other``, what is past coming last, the latest first."""
    if one.by is None or other.by is None:
        return False
    if (one.by >= year) != (other.by >= year):
        return one.by >= year
    return one.by < other.by if one.by >= year else one.by > other.by


class _Target:
    """One target being counted for one report."""

    def __init__(self, target: Target, period: Period, context: ReportContext) -> None:
        self.target, self.period, self.context = target, period, context
        self.plan = plan_of(target)
        self.unit = unit_of(target)
        self.measure = measure_of(target.measure)

    @property
    def missing(self) -> str:
        """Why nothing can be counted; "" if it can."""
        context = self.context
        if not context.is_within:
            return NO_HOME.format(place=context.policy.jurisdiction)
        if self.measure is None or not self.measure.has_data(
            context.home or context.root, self.period
        ):
            return NOT_RECORDED.format(label=TERMS[self.target.measure].label)
        return ""

    @property
    def nothing(self) -> Judgement:
        """That there is no figure, and why."""
        why = self.missing or NOT_RECORDED.format(label=TERMS[self.target.measure].label)
        return Judgement(Standing.NO_DATA, why)

    def count(self, body: Organization) -> Counted:
        rows = self.measure.rows  # type: ignore[union-attr]  # missing comes first
        params = self.measure.params(body, self.period)  # type: ignore[union-attr]
        found, made_of = rows.found(params), self.measure.made_of  # type: ignore[union-attr]
        made = made_of(found) if made_of else None
        return Counted(Part(rows.code, params), found.count(), made=made)

    def is_unknown(self, counted: Counted) -> bool:
        """Whether the rows make no figure: a rate of nothing."""
        return counted.made is None and self.measure.made_of is not None  # type: ignore[union-attr]

    def entry(
        self, body: Organization, plan: Plan | None, judgement: Judgement, counted: Counted | None
    ) -> Entry:
        figure = Figure(
            kind=Figure.Kind.TARGET,
            code=self.target.code,
            measure=self.target.measure,
            title=self.target.title,
            unit=self.unit,
            organization=body,
            place_code=body.code,
            place_name=body.name,
            is_total=body == self.context.root,
            period=self.period.words,
            planned=plan.planned if plan else None,
            planned_most=plan.planned_most if plan else None,
            tolerance=plan.tolerance if plan else Decimal(0),
            actual=None if counted is None else counted.actual,
            standing=judgement.standing,
            met=judgement.met,
            note=self._noted(judgement),
        )
        return Entry(figure, [] if counted is None else [counted])

    def _noted(self, judgement: Judgement) -> str:
        """The note; a year that is not over yet is said to be so."""
        said = as_of(judgement.standing, self.period.last, self.context.today)
        return "；".join(words for words in (judgement.note, *said) if words)


def _entries(target: _Target) -> list[Entry]:
    root = target.context.root
    if target.target.scope is Scope.TOTAL:
        return [_whole(target)]
    unions = unions_below(root, target.period.last) if target.context.is_within else []
    each = [_of_union(target, union) for union in unions]
    if any(union == root for union in unions):
        return each
    others = [t for t in target.context.policy.targets if t.scope is Scope.TOTAL]
    if unions and any(t.measure == target.target.measure for t in others):
        return each  # the document sets a total of its own
    return [_together(target, each), *each]


def _whole(target: _Target) -> Entry:
    """A target of the whole programme."""
    root = target.context.root
    if target.missing:
        is_divided = target.context.is_within and not target.context.is_whole
        return _without_data(target, None if is_divided else target.plan)
    counted = target.count(root)
    if target.is_unknown(counted):
        return _without_data(target, target.plan if target.context.is_whole else None)
    if not target.context.is_whole:
        return _undivided(target, counted)
    judgement = judge(target.plan, counted.actual, target.period, target.unit)
    return target.entry(root, target.plan, judgement, counted)


def _of_union(target: _Target, union: Organization) -> Entry:
    if target.missing:
        return target.entry(union, target.plan, target.nothing, None)
    counted = target.count(union)
    if target.is_unknown(counted):
        return target.entry(union, target.plan, target.nothing, None)
    judgement = judge(target.plan, counted.actual, target.period, target.unit)
    return target.entry(union, target.plan, judgement, counted)


def _together(target: _Target, each: list[Entry]) -> Entry:
    """What the unions come to together: reached only if every one of them has reached its own."""
    if target.missing:
        return _without_data(target, target.plan.times(len(each)) if each else None)
    counted = target.count(target.context.root)
    if not each:
        return _undivided(target, counted)
    plan = target.plan.times(len(each))
    return target.entry(target.context.root, plan, _judged_together(target, each, counted), counted)


def _judged_together(target: _Target, each: list[Entry], counted: Counted) -> Judgement:
    standings = [Standing(entry.figure.standing) for entry in each]
    order = (Standing.SHORT, Standing.OVER, Standing.NOT_DUE, Standing.ADVISED)
    standing = next((s for s in order if s in standings), Standing.MET)
    words = [f"{len(each)}个区总工会、产业工会中{standings.count(Standing.MET)}个达到"]
    for kind in order:
        names = [e.figure.place_name for e in each if e.figure.standing == kind]
        if names:
            words.append(f"{kind.label}{len(names)}个：{'、'.join(names)}")
    apart = counted.expected - sum(int(entry.figure.actual or 0) for entry in each)
    if apart:
        words.append(f"另有{apart}{target.unit}不属于上述工会，计入合计")
    return Judgement(standing, "；".join(words))


def _without_data(target: _Target, plan: Plan | None) -> Entry:
    return target.entry(target.context.root, plan, target.nothing, None)


def _undivided(target: _Target, counted: Counted) -> Entry:
    place = target.context.policy.jurisdiction
    judgement = Judgement(Standing.NOT_APPLICABLE, NOT_DIVIDED.format(place=place))
    return target.entry(target.context.root, None, judgement, counted)
