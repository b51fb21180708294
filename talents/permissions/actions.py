"""Who registers what bodies do for the plan of a city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.scoping import holds_role, holds_role_anywhere
from talents.permissions import FILERS
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from talents.models import ActionEntry

REFUSED = "行动登记由所在单位或其主管工会的经办人办理，您没有登记的权限"


@permission
def may_enter_some(user: User) -> DomainError | None:
    """Register for any body at all."""
    return None if holds_role_anywhere(user, FILERS) else DomainError("role-required", REFUSED)


@permission
def may_enter(user: User, organization: Organization) -> DomainError | None:
    """Register for this body."""
    if holds_role(user, FILERS, organization.path):
        return None
    return DomainError("role-required", REFUSED)


@permission
def may_withdraw_entry(user: User, entry: ActionEntry) -> DomainError | None:
    """Take an entry out that was made in error."""
    if refusal := may_enter.why_not(user, entry.organization):
        return refusal
    if entry.withdrawn_on is not None:
        return DomainError("entry-withdrawn", f"这项登记已于{entry.withdrawn_on}撤下")
    return None


@permission
def may_complete_entry(user: User, entry: ActionEntry) -> DomainError | None:
    """Say who made a result besides the first, and put its paper to it."""
    if refusal := may_withdraw_entry.why_not(user, entry):
        return refusal
    if not entry.is_result:
        message = "完成人和证明材料只登记在专利、四技、五小成果之下"
        return DomainError("entry-no-result", message)
    return None


@permission
def may_attach_to_entry(user: User, entry: ActionEntry) -> DomainError | None:
    """Put the paper to it, once: what is evidence does not change."""
    if refusal := may_complete_entry.why_not(user, entry):
        return refusal
    if entry.scan_id is not None:
        message = "证明材料已上传，不能更换；传错的，请撤下这项登记后重新登记"
        return DomainError("entry-evidenced", message)
    return None
