"""The standards of a policy as figures: each academy against each, and how many meet it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from academies.models import Academy
from academies.rules import positions
from academies.selectors.standards import academies_of_year
from organizations.models import User
from policies.findings import figure as plain
from policies.targets import ANSWERS, Standing
from policies.wording import derivation
from reports.entries import Asked, Counted, Entry
from reports.freezing import Part
from reports.measures import EVIDENCE
from reports.models import Figure

if TYPE_CHECKING:
    from academies.rules import Position
    from academies.rules import Standing as Verdict
    from policies.findings import Finding

STANDINGS = {True: Standing.MET, False: Standing.SHORT, None: Standing.NOT_APPLICABLE}
GROWTH_FACTS = {"upgraded_growth", "upgraded_share_growth"}


def standard_entries(asked: Asked) -> list[Entry]:
    """How many academies meet each standard, then every academy; nothing if the policy sets none."""
    if not asked.policy.standards or not asked.is_within:
        return []
    rows = academies_of_year(User.objects.system(), asked.year)
    judged = [
        position
        for position in positions(
            rows.filter(supervising_union__path__startswith=asked.root.path), asked.year
        )
        if position.standards is not None
        and position.standards.policy.digest == asked.policy.digest
    ]
    each = [entry for position in judged for entry in _of_academy(position)]
    return [*_totals(asked, each), *each]


def _of_academy(position: Position) -> list[Entry]:
    return [
        Entry(_figure(position, verdict, finding), _evidence(position, finding))
        for verdict in position.standings
        for finding in verdict.alternatives
    ]


def _figure(position: Position, verdict: Verdict, finding: Finding) -> Figure:
    standing = STANDINGS[verdict.met]
    return Figure(
        kind=Figure.Kind.STANDARD,
        code=finding.code,
        measure=finding.code,
        title=finding.criterion.title,
        unit=finding.unit,
        organization=position.academy.supervising_union,
        academy=position.academy,
        place_code=position.academy.code,
        place_name=position.academy.name,
        period=f"{position.year}年",
        planned=finding.threshold,
        tolerance=finding.criterion.tolerance,
        actual=finding.actual,
        standing=standing,
        met=ANSWERS.get(standing),
        note="；".join(_notes(position, verdict, finding)),
    )


def _notes(position: Position, verdict: Verdict, finding: Finding) -> list[str]:
    """How the threshold came about, what else would do, what is missing."""
    notes = []
    if worked_out := derivation(finding.criterion):
        notes.append(f"标准折算：{worked_out}")
    others = [f for f in verdict.alternatives if f is not finding]
    if others:
        other = "、".join(f"“{f.criterion.title}”" for f in others)
        by_other = "，按另一项达到" if verdict.met and not finding.met else ""
        notes.append(f"与{other}满足其一即可{by_other}")
    if finding.criterion.fact in GROWTH_FACTS:
        notes.append(_growth(position))
    if not position.figures.classes and finding.criterion.fact != "brands":
        notes.append(f"{position.year}年没有登记培训班")
    gap = _gap(finding)
    return [*notes, gap] if gap and verdict.met is False else notes


def _growth(position: Position) -> str:
    now = position.figures.upgraded_persons
    if position.before is None or not position.before.upgraded_persons:
        return f"本年提升技能{now}人，上年没有可比数据，不适用"
    return f"本年提升技能{now}人，上年{position.before.upgraded_persons}人"


def _gap(finding: Finding) -> str:
    if finding.actual is None or finding.threshold is None or finding.met is not False:
        return ""
    short = abs(finding.threshold - finding.actual)
    return f"还差{plain(short)}{'个百分点' if finding.unit == '%' else finding.unit}"


def _evidence(position: Position, finding: Finding) -> list[Counted]:
    return [
        Counted(evidence.part(position), evidence.expected(position), evidence.is_distinct)
        for evidence in EVIDENCE.get(finding.criterion.fact, ())
    ]


def _totals(asked: Asked, each: list[Entry]) -> list[Entry]:
    """For each standard, of how many academies it is asked and how many meet it."""
    by_standard: dict[str, list[Figure]] = {}
    for entry in each:
        by_standard.setdefault(entry.figure.code, []).append(entry.figure)
    order = [s.code for s in asked.policy.standards if s.code in by_standard]
    return [_total(asked, by_standard[code]) for code in order]


def _total(asked: Asked, figures: list[Figure]) -> Entry:
    first = figures[0]
    meeting = [f.academy_id for f in figures if f.met and f.academy_id is not None]
    open_count = sum(1 for f in figures if f.met is None)
    decided = [f for f in figures if f.met is not None]
    standing = (
        Standing.NOT_APPLICABLE
        if not decided
        else Standing.MET
        if len(meeting) == len(decided)
        else Standing.SHORT
    )
    words = [f"{len(figures)}家中{len(meeting)}家达到"]
    if standing is Standing.SHORT:
        words.append(f"{len(decided) - len(meeting)}家未达到")
    if open_count:
        words.append(f"{open_count}家不适用")
    params = {"organization": asked.root.pk, "year": asked.year, "standard": first.code}
    figure = Figure(
        kind=Figure.Kind.STANDARD,
        code=first.code,
        measure=first.measure,
        title=first.title,
        unit="家",
        organization=asked.root,
        place_code=asked.root.code,
        place_name=asked.root.name,
        is_total=True,
        period=first.period,
        planned=Decimal(len(figures)),
        actual=Decimal(len(meeting)),
        standing=standing,
        met=ANSWERS.get(standing),
        note="，".join(words),
    )
    rows = Academy.objects.filter(pk__in=meeting)
    return Entry(figure, [Counted(Part("academies.meeting", params), len(meeting), rows=rows)])
