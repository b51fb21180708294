"""Who may do what with policies: everybody reads them, few say how they are meant and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.scoping import holds_role, holds_role_anywhere
from policies.rules.homes import answering_body
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User
    from policies.rules.homes import Placed

#: Who reads what we chose and who confirmed it.
READERS = STAFF_AND_OVERSIGHT
DECIDERS = frozenset({Role.APPROVER})


@permission
def may_confirm_some(user: User) -> DomainError | None:
    """Confirm defaults at all; of which policy, ``may_confirm`` says."""
    if holds_role_anywhere(user, DECIDERS):
        return None
    return DomainError(
        "role-required", "您没有确认默认的权限，请由市总工会或政策所属工会的审批人办理"
    )


@permission
def may_confirm(user: User, policy: Placed) -> DomainError | None:
    """Say that the defaults of a policy are meant as they stand."""
    body = answering_body(policy)
    if body is not None and holds_role(user, DECIDERS, body.path):
        return None
    name = f"“{body}”" if body else "政策所属工会"
    return DomainError("role-required", f"您没有确认该政策默认的权限，请由{name}的审批人办理")
