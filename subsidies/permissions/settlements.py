"""Who closes a year: the academy draws the account up, another at the payer confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from subsidies.models import Grant, Settlement
from subsidies.permissions import APPLICANTS, APPROVERS, may_apply_for
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import User

Filed, Drawn = Grant.State, Settlement.State
SETTLED_FROM = frozenset({Filed.APPROVED, Filed.PAID})

SETTLE = Transition("subsidies.settle", "决算", SETTLED_FROM, Filed.SETTLED, APPROVERS)
HAND_IN_AGAIN = Transition(
    "subsidies.settlement-submit",
    "重新报送决算",
    frozenset({Drawn.RETURNED}),
    Drawn.SUBMITTED,
    APPLICANTS,
)
CONFIRM = Transition(
    "subsidies.settlement-confirm",
    "审定决算",
    frozenset({Drawn.SUBMITTED}),
    Drawn.CONFIRMED,
    APPROVERS,
)
SEND_BACK = Transition(
    "subsidies.settlement-return",
    "退回决算",
    frozenset({Drawn.SUBMITTED}),
    Drawn.RETURNED,
    APPROVERS,
)


@permission
def may_settle(user: User, grant: Grant) -> DomainError | None:
    """Draw up the account of a year that is over, or anew after it was sent back."""
    if refusal := may_apply_for.why_not(user, grant.academy):
        return refusal
    if grant.state not in SETTLED_FROM:
        message = f"补助状态为“{grant.get_state_display()}”，不能编制决算"
        return DomainError("illegal-transition", message)
    if timezone.localdate().year <= grant.fund.year:
        return DomainError("year-not-over", f"{grant.fund.year}年度尚未终了，年度终了后编制决算")
    known = Settlement.objects.filter(grant=grant).first()
    if known is not None and known.state != Drawn.RETURNED:
        return DomainError("illegal-transition", "决算已报送，退回后才能重新编制")
    return None


@permission
def may_confirm(user: User, settlement: Settlement) -> DomainError | None:
    """Confirm what another drew up."""
    payer = settlement.grant.fund.organization
    if refusal := CONFIRM.why_not(user, settlement, payer):
        return refusal
    if user.pk == settlement.drawn_by_id:
        return DomainError("same-person", "决算由您编制，请由出资单位的另一位审批人审定")
    return None


@permission
def may_send_back(user: User, settlement: Settlement) -> DomainError | None:
    """Send the account back to be drawn up anew."""
    return SEND_BACK.why_not(user, settlement, settlement.grant.fund.organization)
