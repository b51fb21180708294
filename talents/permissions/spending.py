"""Who says what an enterprise spends on workers' education."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.scoping import holds_role, holds_role_anywhere
from talents.permissions import FILERS
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from talents.models import EducationSpend

REFUSED = "职工教育经费由企业或其主管工会的经办人填报，您没有填报的权限"


@permission
def may_declare_some(user: User) -> DomainError | None:
    """For any enterprise at all."""
    return None if holds_role_anywhere(user, FILERS) else DomainError("role-required", REFUSED)


@permission
def may_declare(user: User, organization: Organization) -> DomainError | None:
    """For this enterprise."""
    if holds_role(user, FILERS, organization.path):
        return None
    return DomainError("role-required", REFUSED)


@permission
def may_withdraw_spend(user: User, spend: EducationSpend) -> DomainError | None:
    """Take out what was said wrongly."""
    if refusal := may_declare.why_not(user, spend.organization):
        return refusal
    if spend.withdrawn_on is not None:
        return DomainError("entry-withdrawn", f"这项填报已于{spend.withdrawn_on}撤下")
    return None
