"""Which step of which ladder a title is: matched whole, by its name or a declared synonym."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.library.editions import every_edition, policy_by_digest
from policies.library.policy import Status, Subject
from policies.rules.homes import home_of
from workflow.texts.folding import fold_header

if TYPE_CHECKING:
    from policies.library.policy import Policy, Tier


@dataclass(frozen=True, slots=True)
class Titled:
    """One tier under one of its names; ``home`` is the path of the union whose programme it is."""

    key: str
    scheme: str
    tier: str
    home: str
    is_selected: bool  # persons are selected into it here


def titles() -> list[Titled]:
    """All titles of the newest edition of each policy that selects persons."""
    return [
        Titled(fold_header(name), policy.code, tier.code, home.path, selects(tier))
        for policy in newest_ladders()
        if (home := home_of(policy)) is not None
        for tier in policy.tiers
        for name in (tier.title, *tier.synonyms)
    ]


def newest_ladders() -> list[Policy]:
    """The newest edition of each policy with a tier that persons are selected into."""
    rows = every_edition().exclude(status=Status.DRAFT.value)
    newest = rows.order_by("code", "-edition").distinct("code")
    policies = [policy_by_digest(edition.digest) for edition in newest]
    return [policy for policy in policies if any(map(selects, policy.tiers))]


def selects(tier: Tier) -> bool:
    return tier.subject is Subject.PERSON


def people_steps() -> dict[str, tuple[str, Tier]]:
    """Every tier that persons are selected into, with the code of its policy, by both."""
    return {
        f"{policy.code}:{tier.code}": (policy.code, tier)
        for policy in newest_ladders()
        for tier in policy.tiers
        if selects(tier)
    }
