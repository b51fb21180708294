"""A policy laid out for a page: criteria by tier, steps by procedure, and what there is to jump to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.readings import is_explanatory
from policies.wording.statements import SECTION_TITLES

if TYPE_CHECKING:
    from policies.library.policy import Criterion, Policy, Step, Tier


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
    explanatory_count: int

    @property
    def judged(self) -> list[tuple[str, tuple[Criterion, ...]]]:
        """The criteria of the tiers that have any; tiers with the same ones stand together."""
        titles: dict[tuple[str, ...], list[str]] = {}
        criteria: dict[tuple[str, ...], tuple[Criterion, ...]] = {}
        for line in self.tiers:
            if line.criteria:
                codes = tuple(c.code for c in line.criteria)
                titles.setdefault(codes, []).append(line.tier.title)
                criteria[codes] = line.criteria
        return [("、".join(titles[codes]), criteria[codes]) for codes in titles]


def outline(policy: Policy) -> Outline:
    """The layout of one policy."""
    tiers = [
        TierOutline(
            t, "、".join(policy.tier(above).title for above in t.feeds), policy.criteria_of(t.code)
        )
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
        explanatory_count=sum(is_explanatory(policy, item) for item in policy.articles()),
    )
