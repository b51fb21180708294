"""Who changes a signed budget: one draws the change up, another signs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subsidies.models import BudgetChange, Fund
from subsidies.permissions import APPROVERS, PLANNERS, may_plan_for
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import User

Drawn = BudgetChange.State
SIGN_CHANGE = Transition(
    "subsidies.budget-change-sign",
    "批准预算调整",
    frozenset({Drawn.DRAWN}),
    Drawn.SIGNED,
    APPROVERS,
)
DROP_CHANGE = Transition(
    "subsidies.budget-change-drop",
    "作废预算调整",
    frozenset({Drawn.DRAWN}),
    Drawn.DROPPED,
    PLANNERS | APPROVERS,
)


@permission
def may_change_budget(user: User, fund: Fund) -> DomainError | None:
    """Draw up a change of a budget that is in force."""
    if refusal := may_plan_for.why_not(user, fund.organization):
        return refusal
    if fund.state == Fund.State.SIGNED:
        return None
    return DomainError("illegal-transition", "预算批准以后、结账以前才能调整")


@permission
def may_sign_change(user: User, change: BudgetChange) -> DomainError | None:
    """Put in force what another drew up."""
    refusal = SIGN_CHANGE.why_not(user, change, change.fund.organization)
    if refusal is None and user.pk == change.drawn_by_id:
        return DomainError("same-person", "预算调整由您编制，请由另一位审批人批准")
    return refusal


@permission
def may_drop_change(user: User, change: BudgetChange) -> DomainError | None:
    """Give a change up that nobody signed."""
    return DROP_CHANGE.why_not(user, change, change.fund.organization)
