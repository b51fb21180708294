"""Which edition of the rules a contest is held by, and what it says of marks and appeals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from competitions.models.tiers import RULES
from organizations.models import Organization
from organizations.scoping import steps_to
from policies.library.editions import edition_in_force, policy_by_digest
from policies.library.policy import DayKind
from policies.models import PolicyEdition
from workflow.calendar import add_working_days
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from competitions.models import Board, Competition, Item
    from policies.library.policy import Policy, Provision

#: Of a policy of another place, the words by which the rules on contests are gone by there.
BY_COMPARISON = "contest_rules"
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


def compared(contest: Competition, policy: Policy) -> Provision | None:
    """By which words rules of another place are gone by at this contest; None where they are the place's own.

    They are those of a policy of the city of the organizer; a city with none is told of in general.
    """
    steps = Organization.objects.filter(path__in=steps_to(contest.organizer.path), kind="city")
    city = steps.order_by("-path").first()
    if city is None or city.name.startswith(policy.jurisdiction.removesuffix("市")):
        return None
    others = PolicyEdition.objects.exclude(jurisdiction=policy.jurisdiction)
    for edition in others.order_by("-effective_from", "-edition"):
        if city.name.startswith(edition.jurisdiction):
            found = policy_by_digest(edition.digest).provisions
            if rule := next((one for one in found if one.code == BY_COMPARISON), None):
                return rule
    return None


def entered_for_reserve(item: str) -> Q:
    """Rows whose ``item`` (a path to it) is of a tier of entry that stands on the reserve list.

    By the edition each contest is held by.

    One query, for the editions stored. An edition that does not say is answered by the next one that
    does: the squads are older than the words on them. A contest planned while none was loaded goes by
    the edition of its first day, as in ``rules_of``.
    """
    contest, asked, later = f"{item}__competition", Q(pk__in=[]), None
    tiers: list[str] = []
    for edition in PolicyEdition.objects.filter(code=RULES).order_by("-effective_from", "-edition"):
        policy = policy_by_digest(edition.digest)
        told = policy.parameter(RESERVES)
        if told is not None:
            tiers = [tier.code for tier in policy.tiers if tier.title in told.names]
        ends = [day for day in (edition.effective_until, later) if day]
        unpinned = Q((f"{contest}__edition", None))
        held = Q((f"{contest}__edition", edition))
        held |= unpinned & _begun_within(contest, edition.effective_from, ends)
        asked |= held & Q((f"{item}__entry_tier__in", tiers))
        later = edition.effective_from
    return asked


def _begun_within(contest: str, first: date, ends: list[date]) -> Q:
    """Rows whose contest has its first day, else the end of its year, in the span; ends not counted."""
    day, year = f"{contest}__starts_on", f"{contest}__year"
    dated, undated = Q((f"{day}__gte", first)), Q((day, None), (f"{year}__gte", first.year))
    for end in ends:
        dated &= Q((f"{day}__lt", end))
        undated &= Q((f"{year}__lt", end.year))
    return dated | undated


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
