"""Who may do what with accounts, roles and the union tree: forms, admin and commands ask here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from organizations.roles import SECOND_FACTOR, SEPARATED_ADMINS, STAFF, Role
from organizations.scoping import holds_role, holds_role_anywhere
from organizations.standing_in import lendable_of
from organizations.validity import VALIDITY
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import CredentialReset, Membership, Organization, User

ACCOUNT_KEEPERS = frozenset({Role.SYSTEM_ADMIN})
ROLE_KEEPERS = frozenset({Role.SECURITY_ADMIN})


def needs_second_factor(user: User) -> bool:
    """Whether this account works here only with a second factor."""
    return settings.SECOND_FACTOR_REQUIRED and holds_role_anywhere(user, SECOND_FACTOR)


@permission
def may_give_roles(user: User, organization: Organization) -> DomainError | None:
    """Give and take roles at ``organization``."""
    if holds_role(user, ROLE_KEEPERS, organization.path):
        return None
    return DomainError("role-required", "授权与收回由安全管理员办理")


@permission
def may_give_roles_somewhere(user: User) -> DomainError | None:
    """Give and take roles at all."""
    if holds_role_anywhere(user, ROLE_KEEPERS):
        return None
    return DomainError("role-required", "授权与收回由安全管理员办理")


@permission
def may_open_accounts(user: User) -> DomainError | None:
    """Open an account."""
    if holds_role_anywhere(user, ACCOUNT_KEEPERS):
        return None
    return DomainError("role-required", "账号由系统管理员办理")


@permission
def may_keep(user: User, account: User) -> DomainError | None:
    """Change this account, or set its password.

    Nobody keeps those of the three administrators: who could set their passwords would be all
    three. That holds for a closed account too, and before the role begins. Of other accounts every
    role counts, not only the one within reach: whoever sets the password acts in all of them.
    """
    if refusal := may_open_accounts.why_not(user):
        return refusal
    lasting = VALIDITY.lasting(timezone.localdate())
    held = list(account.memberships.filter(lasting).select_related("organization"))
    if account.is_system or any(m.role in SEPARATED_ADMINS for m in held):
        message = (
            "系统、安全、审计管理员的账号不能由他人改动，请由本人修改密码或由运维人员以命令处理"
        )
        return DomainError("separated-account", message)
    if not all(holds_role(user, ACCOUNT_KEEPERS, m.organization.path) for m in held):
        message = "该账号在您的管辖范围之外另有任职，请由其所任各组织共同上级的系统管理员办理"
        return DomainError("account-serves-elsewhere", message)
    return None


@permission
def may_approve_reset(user: User, reset: CredentialReset) -> DomainError | None:
    """Have a reset done that another administrator asked for; never one's own, nor of one's account."""
    if reset.approved_at is not None:
        return DomainError("reset-done", "该重置已经复核办理，无须再办")
    if user.pk in {reset.asked_by_id, reset.owner_id}:
        return DomainError("second-person-required", "重置须由申请人以外的另一位管理员复核办理")
    reach = ACCOUNT_KEEPERS | ROLE_KEEPERS
    lasting = VALIDITY.lasting(timezone.localdate())
    held = reset.owner.memberships.filter(lasting).select_related("organization")
    if all(holds_role(user, reach, m.organization.path) for m in held) and holds_role_anywhere(
        user, reach
    ):
        return None
    return DomainError("role-required", "重置由系统管理员申请、另一位系统管理员或安全管理员复核")


@permission
def may_approve_resets(user: User) -> DomainError | None:
    """Approve resets at all; of which accounts, ``may_approve_reset`` says one by one."""
    if holds_role_anywhere(user, ACCOUNT_KEEPERS | ROLE_KEEPERS):
        return None
    return DomainError("role-required", "重置由系统管理员申请、另一位系统管理员或安全管理员复核")


@permission
def may_change_tree(user: User, path: str, deed: str = "登记或更正组织") -> DomainError | None:
    """Enter, correct, move or close a body at ``path``."""
    if holds_role(user, STAFF, path):
        return None
    message = f"您没有在此处{deed}的权限，请由上级工会的经办人或审批人办理"
    return DomainError("role-required", message)


@permission
def may_import_tree(user: User) -> DomainError | None:
    """Hand in a table of bodies; at which places, ``may_change_tree`` says row by row."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有导入组织机构表的权限，请由经办人或审批人办理")


@permission
def may_lend_some(user: User) -> DomainError | None:
    """Have a colleague stand in for any role at all."""
    if lendable_of(user):
        return None
    message = "您没有可以委托代理的任职：评审、裁判、经审和三员的职责须由本人履行"
    return DomainError("role-required", message)


@permission
def may_lend(user: User, membership: Membership) -> DomainError | None:
    """Have a colleague stand in for this role."""
    if membership.pk in {m.pk for m in lendable_of(user)}:
        return None
    message = (
        "只能委托本人现任的业务经办、审批、财务、推荐、学院管理角色；代理来的角色不能再转给他人"
    )
    return DomainError("not-to-be-lent", message)


@permission
def may_end_lending(user: User, lent: Membership) -> DomainError | None:
    """End a lending before its day: who lent the role, and who stands in."""
    lender = lent.stands_for.user_id if lent.stands_for else None
    if user.pk not in {lender, lent.user_id}:
        return DomainError("role-required", "代理由委托人或代理人本人终止，或由安全管理员收回")
    first_end = max(timezone.localdate(), lent.valid_from + timedelta(days=1))
    if lent.valid_from <= timezone.localdate() and (lent.valid_until or first_end) <= first_end:
        return DomainError("role-already-ended", "该代理已经终止或今日到期，无需再办")
    return None
