"""Parting a fund's year: a trial is drawn up, another signs it, and then every academy knows its share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from policies.library.editions import edition_in_force, policy_by_digest
from subsidies.models import Allocation, Share
from subsidies.permissions.allocations import (
    DROP_ALLOCATION,
    SIGN_ALLOCATION,
    may_allocate,
    may_drop_allocation,
    may_sign_allocation,
)
from subsidies.rules.allocating import candidates, parted
from subsidies.rules.eligibility import POLICY
from subsidies.services import notices
from subsidies.services.funds import locked_fund, locked_in_fund
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from decimal import Decimal

    from organizations.models import User

DRAWN = Event("subsidies.allocation-drawn", "编制分配方案")


@refusing()
@transaction.atomic
def draw_up_allocation(fund_id: int, method: str, amount: Decimal, *, actor: User) -> Allocation:
    """Keep one trial: every academy with its points, its share and what it had the year before."""
    fund = locked_fund(fund_id, actor)
    may_allocate.check(actor, fund)
    today = timezone.localdate()
    edition = edition_in_force(POLICY, today)
    parts = parted(candidates(fund, today), method, amount, policy_by_digest(edition.digest))
    if not any(part.amount for part in parts):
        message = "按政策没有可分配的学院，或总额不足以取整分配；请核对学院名录和总额"
        raise DomainError("nothing-to-allocate", message)
    made = Allocation.objects.create(
        fund=fund, edition=edition, method=method, amount=amount, drawn_by=actor
    )
    Share.objects.bulk_create(
        Share(
            allocation=made,
            academy=part.candidate.academy,
            points=part.points,
            basis=part.basis,
            amount=part.amount,
            last_year=part.candidate.last_year,
        )
        for part in parts
    )
    record_event(
        DRAWN,
        subject_of(made),
        actor=actor,
        organization=fund.organization,
        after={"method": made.get_method_display(), "amount": str(amount), "count": len(parts)},
    )
    notices.tell_allocation(made, actor=actor)
    return made


@refusing()
@transaction.atomic
def sign_allocation(pk: int, *, actor: User, note: str = "") -> Allocation:
    """Put it in force: no grant of the fund goes beyond its share from now on."""
    allocation = locked_in_fund(Allocation.objects.visible_to(actor), pk, actor)
    may_sign_allocation.check(actor, allocation)
    SIGN_ALLOCATION.apply(
        allocation,
        organization=allocation.fund.organization,
        actor=actor,
        note=note,
        signed_by=actor,
    )
    notices.tell_shares(allocation, actor=actor)
    notices.tell_allocation_decided(allocation, actor=actor, note=note)
    return allocation


@refusing()
@transaction.atomic
def drop_allocation(pk: int, *, actor: User, note: str) -> Allocation:
    """Give it up, for a reason; another may be drawn up."""
    allocation = locked_in_fund(Allocation.objects.visible_to(actor), pk, actor)
    may_drop_allocation.check(actor, allocation)
    check_reason(note, "作废分配方案")
    DROP_ALLOCATION.apply(
        allocation, organization=allocation.fund.organization, actor=actor, note=note
    )
    notices.tell_allocation_decided(allocation, actor=actor, note=note)
    return allocation
