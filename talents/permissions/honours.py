"""Who keeps the register of honours, and who takes a title back: never one person alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from organizations.scoping import holds_role, holds_role_anywhere
from talents.models import Honour
from talents.permissions.oneself import unless_own_affair
from talents.rules.objected import TITLE_KEPT
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import User

#: Who hands in the register as it was kept so far.
HONOUR_KEEPERS = frozenset({Role.HANDLER})
HONOUR_EXPORTERS = STAFF_AND_OVERSIGHT
State = Honour.State

DOUBT = Transition(
    "talents.honour-doubted", "提出撤销", frozenset({State.VALID}), State.DOUBTED, STAFF
)
UPHOLD = Transition(TITLE_KEPT, "维持称号", frozenset({State.DOUBTED}), State.VALID, STAFF)
REVOKE = Transition(
    "talents.honour-revoked",
    "撤销称号",
    frozenset({State.DOUBTED}),
    State.REVOKED,
    frozenset({Role.APPROVER}),
)
#: What had been revoked before the register came here.
TAKE_OVER = Transition(
    "talents.honour-taken-over",
    "载入撤销",
    frozenset({State.VALID}),
    State.REVOKED,
    HONOUR_KEEPERS,
)


@permission
def may_keep_honours(user: User) -> DomainError | None:
    """Hand in the register of a body and those below it."""
    if holds_role_anywhere(user, HONOUR_KEEPERS):
        return None
    return DomainError("role-required", "您没有登记工匠名录的权限，请由命名工会的经办人导入")


@permission
def may_correct_honour(user: User, honour: Honour) -> DomainError | None:
    """Put unit, trade or document number right; the title itself is given and taken otherwise."""
    if holds_role(user, STAFF, honour.organization.path):
        return unless_own_affair(user, honour.person)
    return DomainError("role-required", "您没有更正该称号的权限，请由命名工会的经办人或审批人办理")


@permission
def may_doubt(user: User, honour: Honour) -> DomainError | None:
    """Propose that a title be taken back."""
    return DOUBT.why_not(user, honour, honour.organization)


@permission
def may_uphold(user: User, honour: Honour) -> DomainError | None:
    """Drop the proposal: whoever made it, or an approver."""
    if refusal := UPHOLD.why_not(user, honour, honour.organization):
        return refusal
    if refusal := unless_own_affair(user, honour.person):
        return refusal
    is_own = user.pk == honour.doubted_by_id
    if is_own or holds_role(user, REVOKE.roles, honour.organization.path):
        return None
    return DomainError("role-required", "撤销由提出人收回，或由审批人决定是否维持称号")


@permission
def may_revoke(user: User, honour: Honour) -> DomainError | None:
    """Take the title back: an approver other than who proposed it."""
    if refusal := REVOKE.why_not(user, honour, honour.organization):
        return refusal
    if user.pk != honour.doubted_by_id:
        return unless_own_affair(user, honour.person)
    message = "该撤销由您提出，须由命名工会的另一位审批人复核"
    return DomainError("proposer-cannot-revoke", message)


@permission
def may_reissue(user: User, honour: Honour) -> DomainError | None:
    """Issue the certificate again under a new number: staff of who named, while the title stands."""
    if not holds_role(user, STAFF, honour.organization.path):
        message = "您没有补发证书的权限，请由命名工会的经办人或审批人办理"
        return DomainError("role-required", message)
    if honour.state == State.VALID:
        return unless_own_affair(user, honour.person)
    message = f"该称号{honour.get_state_display()}，不能补发证书"
    return DomainError("honour-not-valid", message)


@permission
def may_recall(user: User, honour: Honour) -> DomainError | None:
    """Register that the certificate of a title that was taken back came in, or is lost."""
    if not holds_role(user, STAFF, honour.organization.path):
        message = "您没有登记证书收回的权限，请由命名工会的经办人或审批人办理"
        return DomainError("role-required", message)
    if honour.state != State.REVOKED:
        message = f"该称号{honour.get_state_display()}，撤销之后才收回证书"
        return DomainError("honour-not-revoked", message)
    if honour.recall == honour.Recall.RETURNED:
        return DomainError("certificate-returned", "证书已登记收回，无须再办")
    return unless_own_affair(user, honour.person)


@permission
def may_export_honours(user: User) -> DomainError | None:
    """Take the register out of the house as a workbook."""
    if holds_role_anywhere(user, HONOUR_EXPORTERS):
        return None
    return DomainError("role-required", "您没有导出工匠名录的权限")
