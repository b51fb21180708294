"""Which edition of the rules a contest is held by, and what it says of marks and appeals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models.tiers import RULES
from policies.library.editions import edition_in_force, policy_by_digest
from policies.library.policy import DayKind
from workflow.calendar import add_working_days
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from competitions.models import Board, Competition, Item
    from policies.library.policy import Policy
    from policies.models import PolicyEdition

SPREAD, APPEAL, ARBITERS = "judges_spread", "appeal", "arbiters"
RESERVES = "reserve_tiers"
#: Where the rules say nothing, no difference between judges is too much.
ANY_SPREAD = Decimal(100)


def edition_for(year: int, day: date | None = None) -> PolicyEdition | None:
    """What applies on ``day``, else at the end of ``year``; None while none was loaded."""
    try:
        return edition_in_force(RULES, day or date(year, 12, 31))
    except DomainError as refusal:
        if refusal.code in {"unknown-policy", "policy-not-in-force"}:
            return None
        raise


def rules_of(contest: Competition) -> Policy | None:
    """The edition of the rules that the contest is held by; None while none was loaded."""
    edition = contest.edition or edition_for(contest.year, contest.starts_on)
    return policy_by_digest(edition.digest) if edition else None


def reserve_tiers() -> list[str]:
    """The tiers of entry whose winners stand on the reserve list, by the rules in force today."""
    edition = edition_for(timezone.localdate().year, timezone.localdate())
    policy = policy_by_digest(edition.digest) if edition else None
    told = policy.parameter(RESERVES) if policy else None
    if policy is None or told is None:
        return []
    return [tier.code for tier in policy.tiers if tier.title in told.names]


def spread_limit(item: Item) -> Decimal:
    """By how much judgements of one aspect may differ."""
    policy = rules_of(item.competition)
    parameter = policy.parameter(SPREAD) if policy else None
    return ANY_SPREAD if parameter is None or parameter.number is None else parameter.number


def arbiters_needed(contest: Competition) -> int:
    """How many sit in the arbitration group at least; one where the rules say nothing."""
    policy = rules_of(contest)
    parameter = policy.parameter(ARBITERS) if policy else None
    return 1 if parameter is None or parameter.number is None else int(parameter.number)


def appeals_until(board: Board) -> date | None:
    """The last day on which one may appeal against a board; None where the rules set none."""
    policy = rules_of(board.item.competition)
    step = next((s for s in policy.procedure if s.code == APPEAL), None) if policy else None
    if step is None or step.days is None:
        return None
    first = timezone.localdate(board.published_at)
    if step.day_kind is DayKind.WORKING:
        return add_working_days(first, step.days, start_counts=step.start_counts).day
    return first + timedelta(days=step.days - step.start_counts)
