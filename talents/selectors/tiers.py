"""What a round may be called for: tiers, with something to check, of the editions that apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from policies.library.editions import editions_applying, policy_by_digest
from policies.library.policy import Severity, Subject

if TYPE_CHECKING:
    from policies.library.policy import Policy
    from policies.models import PolicyEdition
    from talents.models import SelectionRound


@dataclass(frozen=True, slots=True)
class TierChoice:
    """One tier of one edition."""

    edition: PolicyEdition
    tier: str
    title: str

    @property
    def key(self) -> str:
        return f"{self.edition.pk}:{self.tier}"

    @property
    def label(self) -> str:
        return f"{self.title}　·　{self.edition}"


def tier_choices() -> dict[str, TierChoice]:
    """Person tiers of the editions that apply today and decide something, by key."""
    choices = [
        TierChoice(edition, tier.code, tier.title)
        for edition in editions_applying(timezone.localdate())
        for policy in (policy_by_digest(edition.digest),)
        for tier in policy.tiers
        if tier.subject is Subject.PERSON and _decides(policy, tier.code)
    ]
    return {choice.key: choice for choice in choices}


def tier_choice_of(selection: SelectionRound) -> TierChoice:
    """The choice a round on file was made by, whether or not its edition still applies."""
    return TierChoice(selection.edition, selection.tier, selection.tier_title)


def _decides(policy: Policy, tier: str) -> bool:
    return any(c.severity is Severity.MUST for c in policy.criteria_of(tier))
