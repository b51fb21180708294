"""A policy laid out for a page: criteria by tier, steps by procedure, and what there is to jump to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policies.library.defaults import HEAD, section_of
from policies.readings import is_explanatory
from policies.wording.statements import SECTION_TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policies.library.policy import Article, Criterion, Policy, Step, Tier
    from policies.models import DefaultConfirmation


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands beside the name of an item: where it is found, what of it is our choice."""

    anchor: str  # empty where the item stands on the page already
    is_default: bool
    confirmation: DefaultConfirmation | None
    is_explanatory: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one edition; an item that stands on its page twice is found at the first."""

    policy: Policy
    confirmed: Mapping[tuple[str, str], DefaultConfirmation]
    _anchored: set[str] = field(default_factory=set)

    def of(self, item: Article) -> Mark:
        section = section_of(item)
        anchor = f"{section}-{item.code}"
        is_first = anchor not in self._anchored
        self._anchored.add(anchor)
        return Mark(
            anchor if is_first else "",
            item.default,
            self.confirmed.get((section, item.code)),
            is_explanatory(self.policy, item),
        )

    def of_head(self, *names: str) -> list[Mark]:
        """Those of the named fields of the head that we chose."""
        return [
            Mark(f"{HEAD}-{name}", True, self.confirmed.get((HEAD, name)), False)  # noqa: FBT003
            for name in names
            if name in self.policy.default_fields
        ]


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
