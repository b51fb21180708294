"""A standing as people read it: the formula filled in, the source behind it, the way to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from academies.rules import VERDICTS
from policies import wording
from policies.rules.findings import figure

if TYPE_CHECKING:
    from academies.rules import Position, Standing
    from policies.facts import Count
    from policies.rules.findings import Finding

GOOD, BAD, WARN, PLAIN = "good", "bad", "warn", "plain"
TONES = {True: GOOD, False: BAD, None: PLAIN}
#: While a year lasts, what is short may still be made up.
NOT_YET = "尚未达标"
#: Beyond the longer of value and threshold the bar leaves some air.
AIR = Decimal("1.15")
FULL = 1000


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
    verdict: str
    readings: tuple[Reading, ...]
    quote: str
    source: str
    note: str
    is_advice: bool

    @property
    def tone(self) -> str:
        return _tone(self.met, is_advice=self.is_advice)


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
        verdict=NOT_YET if standing.is_short and not position.is_over else standing.verdict,
        readings=tuple(_reading(position, standing, f) for f in standing.alternatives),
        quote=criterion.quote or criterion.gist,
        source=wording.provenance(policy, criterion) if policy else "",
        note=" ".join(
            note for note in (*notes, standing.advice and f"{standing.advice}。") if note
        ),
        is_advice=standing.is_advice,
    )


def _reading(position: Position, standing: Standing, finding: Finding) -> Reading:
    criterion, fact, actual = finding.criterion, finding.fact, finding.actual
    threshold = criterion.threshold or Decimal(0)
    end = max(actual or Decimal(0), threshold) * AIR or Decimal(1)
    return Reading(
        label=finding.label,
        unit=finding.unit,
        actual="—" if actual is None else figure(actual),
        threshold=figure(threshold),
        met=finding.met,
        formula=fact.formula_of(position) if fact else "",
        gap=_gap(finding),
        requirement=wording.requirement(criterion),
        derivation=wording.derivation(criterion),
        rows_href=rows_href(position, fact.rows[0]) if fact and fact.rows else "",
        bar=max(0, round(FULL * (actual or Decimal(0)) / end)),
        mark=round(FULL * threshold / end),
        is_advice=standing.is_advice,
    )


def rows_href(position: Position, count: Count) -> str:
    """Where the rows behind a figure stand."""
    return reverse("academies:rows", args=[position.academy.code, position.year, count.code])


def _gap(finding: Finding) -> str:
    if finding.met is None:
        return VERDICTS[None]
    return "已达到标准" if finding.gap is None else f"还差 {figure(finding.gap)} {finding.gap_unit}"
