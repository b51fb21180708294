"""Which edition of the rules a contest is held by."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from policies.library.editions import edition_in_force
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from policies.models import PolicyEdition

RULES = "contest-promotion"


def edition_for(year: int, day: date | None = None) -> PolicyEdition | None:
    """What applies on ``day``, else at the end of ``year``; None while none was loaded."""
    try:
        return edition_in_force(RULES, day or date(year, 12, 31))
    except DomainError as refusal:
        if refusal.code in {"unknown-policy", "policy-not-in-force"}:
            return None
        raise
