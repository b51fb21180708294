"""Who may do what with money: pages, imports, commands and the API ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.permissions import answers_for
from organizations.roles import Role
from organizations.scoping import holds_role
from subsidies.models import Grant, Payment
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from academies.models import Academy
    from organizations.models import Organization, User

#: Who enters a grant of past years with its payment.
ENTERERS = frozenset({Role.FINANCE})
Filed, Paid = Grant.State, Payment.State

ENTER = Transition("subsidies.enter", "补录拨款", frozenset({Filed.DRAFT}), Filed.PAID, ENTERERS)
ENTER_PAYMENT = Transition(
    "subsidies.enter-payment", "补录拨款", frozenset({Paid.PLANNED}), Paid.PAID, ENTERERS
)


@permission
def may_enter(user: User, organization: Organization) -> DomainError | None:
    """Enter a grant that was paid before the programme kept the books of ``organization``."""
    if holds_role(user, ENTERERS, organization.path):
        return None
    message = f"您没有补录“{organization.name}”补助的权限，请由该单位的财务人员办理"
    return DomainError("role-required", message)


@permission
def may_spend(user: User, academy: Academy) -> DomainError | None:
    """Bring in what this academy spent: its own people, and the union above it."""
    if answers_for(user, academy.organization) or answers_for(user, academy.supervising_union):
        return None
    message = f"您没有登记“{academy.name}”支出的权限，请由学院管理员或主管工会的经办人办理"
    return DomainError("role-required", message)
