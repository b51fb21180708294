"""Who parts a fund's year among academies: one tries and draws it up, another signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subsidies.models import Allocation, Fund
from subsidies.models.funds import Line
from subsidies.permissions import APPROVERS, PLANNERS, may_plan_for
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import User

Drawn = Allocation.State

SIGN_ALLOCATION = Transition(
    "subsidies.allocation-sign", "批准分配方案", frozenset({Drawn.DRAWN}), Drawn.SIGNED, APPROVERS
)
DROP_ALLOCATION = Transition(
    "subsidies.allocation-drop",
    "作废分配方案",
    frozenset({Drawn.DRAWN, Drawn.SIGNED}),
    Drawn.DROPPED,
    PLANNERS | APPROVERS,
)

#: Only approvers take back what was signed.
DROP_SIGNED = Transition(
    DROP_ALLOCATION.name, DROP_ALLOCATION.label, frozenset({Drawn.SIGNED}), Drawn.DROPPED, APPROVERS
)


@permission
def may_allocate(user: User, fund: Fund) -> DomainError | None:
    """Try how a fund may be parted, and draw one of the trials up."""
    if refusal := may_plan_for.why_not(user, fund.organization):
        return refusal
    if fund.state == Fund.State.CLOSED:
        return DomainError("illegal-transition", f"{fund}已结账，不再分配")
    if not fund.lines.filter(line=Line.ACADEMY).exists():
        return DomainError("nothing-to-allocate", f"{fund}的预算没有列学院补助，无从分配")
    if fund.allocations.exclude(state=Drawn.DROPPED).exists():
        message = f"{fund}已有分配方案，作废后才能重新试算"
        return DomainError("allocation-one-per-fund", message)
    return None


@permission
def may_sign_allocation(user: User, allocation: Allocation) -> DomainError | None:
    """Put in force what somebody else drew up."""
    refusal = SIGN_ALLOCATION.why_not(user, allocation, allocation.fund.organization)
    if refusal is None and user.pk == allocation.drawn_by_id:
        return DomainError("same-person", "分配方案由您编制，请由另一位审批人批准")
    return refusal


@permission
def may_drop_allocation(user: User, allocation: Allocation) -> DomainError | None:
    """Give an allocation up; once it is signed, that is for those who sign."""
    fund = allocation.fund
    if refusal := DROP_ALLOCATION.why_not(user, allocation, fund.organization):
        return refusal
    if allocation.state == Drawn.SIGNED:
        return DROP_SIGNED.why_not(user, allocation, fund.organization)
    return None
