"""What a worker can find out alone: the conditions of a step, held against what they say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.library.policy import Comparison, Severity
from policies.rules.findings import figure
from policies.wording import requirement, words_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from policies.library.policy import Criterion, Policy


@dataclass(frozen=True, slots=True)
class SelfFinding:
    """One condition as the finding of a page shows it."""

    title: str
    clause: str
    threshold: str
    actual: str | None
    met: bool | None
    severity: str
    gap: str = ""


def asked_facts(policy: Policy, tier: str) -> dict[str, Criterion]:
    """What has to be known: fact → the first condition that asks it."""
    asked: dict[str, Criterion] = {}
    for criterion in policy.criteria_of(tier):
        if criterion.comparison is not None:
            asked.setdefault(criterion.fact, criterion)
    return asked


def self_findings(
    policy: Policy, tier: str, said: Mapping[str, Decimal | None]
) -> list[SelfFinding]:
    """Every condition of the tier; what was not answered is missing, never a pass."""
    return [_finding(criterion, said.get(criterion.fact)) for criterion in policy.criteria_of(tier)]


def _finding(criterion: Criterion, value: Decimal | None) -> SelfFinding:
    is_human = criterion.comparison is None or criterion.severity is Severity.HUMAN
    met = None if is_human or value is None else _holds(criterion, value)
    return SelfFinding(
        title=criterion.title,
        clause=criterion.quote or criterion.gist,
        threshold=requirement(criterion),
        actual=None if value is None or is_human else _told(criterion, value),
        met=met,
        severity="human" if is_human else criterion.severity.value,
        gap=_gap(criterion, value) if met is False and value is not None else "",
    )


def _holds(criterion: Criterion, value: Decimal) -> bool:
    limit = criterion.limit
    if criterion.comparison is Comparison.PRESENT:
        return value > 0
    if criterion.comparison is Comparison.AT_LEAST:
        return limit is not None and value >= limit
    if criterion.comparison is Comparison.AT_MOST:
        return limit is not None and value <= limit
    return value == limit


def _told(criterion: Criterion, value: Decimal) -> str:
    if criterion.comparison is Comparison.PRESENT:
        return "有" if value > 0 else "没有"
    return f"{figure(value)}{words_for(criterion.fact)[1]}"


def _gap(criterion: Criterion, value: Decimal) -> str:
    if criterion.comparison is Comparison.AT_LEAST and criterion.limit is not None:
        return f"还差{figure(criterion.limit - value)}{words_for(criterion.fact)[1]}"
    return ""
