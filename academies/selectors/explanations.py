"""A standing as people read it: the formula filled in, the source behind it, the way to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from academies.facts import GROWTH_SHOWN
from policies import wording
from policies.rules.findings import figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from academies.rules import Position, Standing
    from policies.rules.findings import Finding

GOOD, BAD, WARN, PLAIN = "good", "bad", "warn", "plain"
TONES = {True: GOOD, False: BAD, None: PLAIN}
LABELS = {True: "达标", False: "未达标", None: "不适用"}
#: While a year lasts, what is short may still be made up.
NOT_YET = "尚未达标"
#: What is short of a standard that only advises.
ADVISED = "提示"
#: Beyond the longer of value and threshold the bar leaves some air.
AIR = Decimal("1.15")
FULL = 1000
SHOWN = Decimal(1).scaleb(-GROWTH_SHOWN)
#: The list of rows behind each fact.
MEASURES = {
    "brands": "brands",
    "trained_persons": "persons",
    "trained_person_times": "person-times",
    "practical_sessions": "practical-classes",
    "practical_persons": "practical-persons",
    "upgraded_growth": "upgraded-persons",
    "upgraded_share_growth": "upgraded-persons",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure against its threshold."""

    label: str
    unit: str
    actual: str
    threshold: str
    met: bool | None
    formula: str
    gap: str
    requirement: str
    derivation: str
    rows_href: str
    bar: int
    mark: int
    is_advice: bool

    @property
    def tone(self) -> str:
        return _tone(self.met, is_advice=self.is_advice)


@dataclass(frozen=True, slots=True)
class Card:
    """One standard on the page: any of its readings is enough."""

    code: str
    title: str
    met: bool | None
    readings: tuple[Reading, ...]
    quote: str
    source: str
    note: str
    is_over: bool
    is_advice: bool

    @property
    def tone(self) -> str:
        return _tone(self.met, is_advice=self.is_advice)

    @property
    def verdict(self) -> str:
        if self.met is False and self.is_advice:
            return ADVISED
        return NOT_YET if self.met is False and not self.is_over else LABELS[self.met]


def _tone(met: bool | None, *, is_advice: bool) -> str:  # noqa: FBT001 - a three-valued answer
    return WARN if met is False and is_advice else TONES[met]


def cards(position: Position) -> list[Card]:
    """Every standard of an academy's year."""
    return [_card(position, standing) for standing in position.standings]


def _card(position: Position, standing: Standing) -> Card:
    criterion = standing.decisive.criterion
    policy = position.standards.policy if position.standards else None
    titles = [finding.criterion.title for finding in standing.alternatives]
    notes = dict.fromkeys(finding.criterion.note for finding in standing.alternatives)
    return Card(
        code=standing.code,
        title="，或".join(titles),
        met=standing.met,
        readings=tuple(_reading(position, standing, f) for f in standing.alternatives),
        quote=criterion.quote or criterion.gist,
        source=wording.provenance(policy, criterion) if policy else "",
        note=" ".join(
            note for note in (*notes, standing.advice and f"{standing.advice}。") if note
        ),
        is_over=position.is_over,
        is_advice=standing.is_advice,
    )


def _reading(position: Position, standing: Standing, finding: Finding) -> Reading:
    criterion, actual = finding.criterion, finding.actual
    threshold = criterion.threshold or Decimal(0)
    end = max(actual or Decimal(0), threshold) * AIR or Decimal(1)
    return Reading(
        label=finding.label,
        unit=finding.unit,
        actual="—" if actual is None else figure(actual),
        threshold=figure(threshold),
        met=finding.met,
        formula=formula_of(criterion.fact, position),
        gap=_gap(finding),
        requirement=wording.requirement(criterion),
        derivation=wording.derivation(criterion),
        rows_href=rows_href(position, MEASURES[criterion.fact])
        if criterion.fact in MEASURES
        else "",
        bar=max(0, round(FULL * (actual or Decimal(0)) / end)),
        mark=round(FULL * threshold / end),
        is_advice=standing.is_advice,
    )


def rows_href(position: Position, measure: str) -> str:
    """Where the rows behind a figure stand."""
    return reverse("academies:rows", args=[position.academy.code, position.year, measure])


def formula_of(fact: str, position: Position) -> str:
    """How the figure came about, with the numbers in it."""
    return FORMULAS[fact](position) if fact in FORMULAS else ""


def _brands(position: Position) -> str:
    return f"{position.year}年末在册的特色专业（工种）{position.brands}个"


def _persons(position: Position) -> str:
    now = position.figures
    return f"名册{now.person_times:,}人次，同一人只计一次，去重后{now.persons:,}人"


def _person_times(position: Position) -> str:
    now = position.figures
    return f"名册逐条计{now.person_times:,}人次（去重后{now.persons:,}人）"


def _practical_sessions(position: Position) -> str:
    now = position.figures
    return f"全年{now.classes:,}期培训班中标明实操的{now.practical_classes:,}期"


def _practical_persons(position: Position) -> str:
    return f"参加实操班的学员，同一人只计一次，共{position.figures.practical_persons:,}人"


def _growth(position: Position) -> str:
    now, before, year = position.figures, position.before, position.year
    told = f"{year}年提升{now.upgraded_persons:,}人"
    if before is None or not before.upgraded_persons:
        return f"{told}；{year - 1}年没有可比的提升人数，不适用"
    then = before.upgraded_persons
    share = Decimal(100) * (now.upgraded_persons - then) / then
    return f"（{now.upgraded_persons:,}－{then:,}）÷{then:,} = {_percent(share)}（{year}年与{year - 1}年）"


def _share_growth(position: Position) -> str:
    now, before, year = position.figures, position.before, position.year
    if before is None or not before.persons or not now.persons:
        return f"{year - 1}年或{year}年没有培训人数，不适用"
    share_now = Decimal(100) * now.upgraded_persons / now.persons
    share_then = Decimal(100) * before.upgraded_persons / before.persons
    return (
        f"{now.upgraded_persons:,}÷{now.persons:,} = {_percent(share_now)}，"
        f"上年{before.upgraded_persons:,}÷{before.persons:,} = {_percent(share_then)}"
    )


FORMULAS: dict[str, Callable[[Position], str]] = {
    "brands": _brands,
    "trained_persons": _persons,
    "trained_person_times": _person_times,
    "practical_sessions": _practical_sessions,
    "practical_persons": _practical_persons,
    "upgraded_growth": _growth,
    "upgraded_share_growth": _share_growth,
}


def _percent(value: Decimal) -> str:
    return f"{value.quantize(SHOWN, ROUND_HALF_UP)}%"


def _gap(finding: Finding) -> str:
    if finding.met is None:
        return "不适用"
    if finding.met or finding.actual is None:
        return "已达到标准"
    gap = (finding.criterion.limit or Decimal(0)) - finding.actual
    return f"还差 {figure(gap)} {'个百分点' if finding.unit == '%' else finding.unit}"
