"""Who says where an academy's money goes, and who calls back before any goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.scoping import holds_role
from subsidies.models import PayeeAccount
from subsidies.permissions import APPLICANTS, FINANCE
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from academies.models import Academy
    from organizations.models import User

Held = PayeeAccount.State

CONFIRM_ACCOUNT = Transition(
    "subsidies.account-confirm", "回访确认账户", frozenset({Held.HELD}), Held.CONFIRMED, FINANCE
)
REFUSE_ACCOUNT = Transition(
    "subsidies.account-refuse", "不予确认账户", frozenset({Held.HELD}), Held.REFUSED, FINANCE
)
REPLACE_ACCOUNT = Transition(
    "subsidies.account-replace", "停用账户", frozenset({Held.CONFIRMED}), Held.REPLACED, FINANCE
)


@permission
def may_file_account(user: User, academy: Academy) -> DomainError | None:
    """Say to which account the academy is paid."""
    if holds_role(user, APPLICANTS, academy.organization.path):
        return None
    message = f"收款账户由“{academy.name}”的学院管理员填报"
    return DomainError("role-required", message)


@permission
def may_call_back(user: User, account: PayeeAccount) -> DomainError | None:
    """Call the academy back and say what came of it: never who filed the change."""
    refusal = CONFIRM_ACCOUNT.why_not(user, account, account.academy.supervising_union)
    if refusal is None and user.pk == account.filed_by_id:
        message = "账户由您填报，请由另一位财务人员回访确认"
        return DomainError("same-person", message)
    return refusal
