"""A policy laid out for a page: criteria by tier, steps by procedure, and what there is to jump to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.statements import SECTION_TITLES

if TYPE_CHECKING:
    from policies.policy import Criterion, Policy, Step, Tier


@dataclass(frozen=True, slots=True)
class TierOutline:
    """One tier with its criteria and standards."""

    tier: Tier
    feeds: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What the page of one edition walks through."""

    tiers: list[TierOutline]
    procedures: list[tuple[str, list[Step]]]
    sections: list[tuple[str, str]]  # anchor, title: only those that have something
    default_count: int

    @property
    def judged(self) -> list[TierOutline]:
        """The tiers that have criteria."""
        return [t for t in self.tiers if t.criteria]


def outline(policy: Policy) -> Outline:
    """The layout of one policy."""
    tiers = [
        TierOutline(t, policy.tier(t.feeds).title if t.feeds else "", policy.criteria_of(t.code))
        for t in policy.tiers
    ]
    procedures = {
        name: [step for step in policy.procedure if step.procedure == name]
        for name in dict.fromkeys(step.procedure for step in policy.procedure)
    }
    sections = [
        (anchor, title)
        for anchor, title in SECTION_TITLES.items()
        if getattr(policy, anchor) and anchor != "standards"
    ]
    if policy.standards and not policy.criteria:
        sections.insert(1, ("criteria", SECTION_TITLES["standards"]))
    return Outline(
        tiers=tiers,
        procedures=list(procedures.items()),
        sections=[*sections, ("sources", "出处")],
        default_count=sum(item.default for item in policy.articles()),
    )
