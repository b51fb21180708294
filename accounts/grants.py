"""Accounts and roles, given and taken on the record.

Two people for one post: the system administrator opens accounts, the security administrator says
what they may do, the audit administrator reads both. The database sees to it that these are three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from organizations.models import Membership, Organization, User
from organizations.roles import SEPARATED_ADMINS, Role
from organizations.scoping import holds_role, holds_role_anywhere, memberships_of
from organizations.validity import VALIDITY
from workflow.database_errors import refusal_of
from workflow.errors import DomainError
from workflow.models import Record
from workflow.records import record_event, subject_of

if TYPE_CHECKING:
    from datetime import date

ACCOUNT_KEEPERS = frozenset({Role.SYSTEM_ADMIN})
ROLE_KEEPERS = frozenset({Role.SECURITY_ADMIN})


def grant(membership: Membership, *, actor: User, note: str = "") -> Membership:
    """Save a new membership: its account may do what the role says, at the body and below."""
    _check_role_keeper(actor, membership.organization)
    if membership.user == actor:
        raise DomainError("own-role", "不能给自己授权，请由另一位安全管理员办理")
    with transaction.atomic():
        save_refusing(membership)
        _record(membership, "授权", actor, note)
    return membership


def revoke(membership: Membership, *, actor: User, on: date | None = None, note: str = "") -> None:
    """End a role on a day (today if none is given); what it was stays on file."""
    _check_role_keeper(actor, membership.organization)
    with transaction.atomic():
        row = Membership.objects.select_for_update().get(pk=membership.pk)
        end = on or timezone.localdate()
        if row.valid_until is not None and row.valid_until <= end:
            raise DomainError(
                "role-already-ended", f"该角色已于{row.valid_until}失效，无需再次收回"
            )
        if end <= row.valid_from:
            # A role ends after it begins (constraint): one taken back on its first day was never held.
            _record(row, "收回", actor, note)
            row.delete()
            return
        row.valid_until = end
        save_refusing(row, update_fields=["valid_until"])
        _record(row, "收回", actor, note)


def open_account(username: str, *, display_name: str, password: str, actor: User) -> User:
    """A new account, which may do nothing until a role is given to it."""
    _check_account_keeper(actor)
    with transaction.atomic():
        user = User(username=username, display_name=display_name)
        user.set_password(password)
        save_refusing(user)
        _record_account(user, "开立账号", actor)
    return user


def set_password(user: User, password: str, *, actor: User) -> None:
    """Another password, for someone who forgot theirs; ends their sessions."""
    _check_may_keep(user, actor)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        _record_account(user, "重置密码", actor)


def correct_account(user: User, *, display_name: str, is_active: bool, actor: User) -> None:
    """Another name, or the account closed or opened again; its rows and records stay."""
    _check_may_keep(user, actor)
    row = User.objects.get(pk=user.pk)
    before = {"display_name": row.display_name, "is_active": row.is_active}
    after = {"display_name": display_name, "is_active": is_active}
    if before == after:
        return
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(**after)
        _record_account(user, "更正账号", actor, before=before, after=after)


def unlock(user: User, *, actor: User) -> None:
    """Let an account try again that failed to log in too often."""
    _check_may_keep(user, actor)
    with transaction.atomic():
        reset(username=user.username)
        _record_account(user, "解除登录锁定", actor)


def remove_second_factor(user: User, *, actor: User) -> None:
    """For someone who lost the device; they enrol again after logging in."""
    _check_may_keep(user, actor)
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        _record_account(user, "取消两步验证", actor)


def refusal_to(membership: Membership) -> DomainError | None:
    """What the database would say to this membership; asked and taken back."""
    try:
        with transaction.atomic():
            save_refusing(membership)
            membership.pk = None
            transaction.set_rollback(True)
    except DomainError as refusal:
        return refusal
    return None


def account_named(term: str, *, route: str = "") -> Q:
    """Accounts whose username or name begins with ``term``."""
    text = term.strip()
    return Q(**{f"{route}username__startswith": text}) | Q(
        **{f"{route}display_name__startswith": text}
    )


def may_keep(actor: User, user: User) -> bool:
    """Whether ``actor`` keeps this account: where every role it holds, or will hold, lies in reach."""
    return _keeping_obstacle(actor, user) is None


def save_refusing(row: Membership | User, **options: list[str]) -> None:
    """Save; what a constraint or trigger refuses comes out as the refusal it is."""
    try:
        with transaction.atomic():
            row.save(**options)  # type: ignore[arg-type]
    except DatabaseError as error:
        if refusal := refusal_of(error):
            raise refusal from error
        raise


def home_of(user: User) -> Organization | None:
    """Where an account belongs, for the chain its records stand in."""
    held = memberships_of(user)
    return held[0].organization if held else None


def _check_role_keeper(actor: User, organization: Organization) -> None:
    if not holds_role(actor, ROLE_KEEPERS, organization.path):
        raise DomainError("role-required", "授权与收回由安全管理员办理")


def _check_account_keeper(actor: User) -> None:
    if not holds_role_anywhere(actor, ACCOUNT_KEEPERS):
        raise DomainError("role-required", "账号由系统管理员办理")


def _check_may_keep(user: User, actor: User) -> None:
    if obstacle := _keeping_obstacle(actor, user):
        raise obstacle


def _keeping_obstacle(actor: User, user: User) -> DomainError | None:
    """Why ``actor`` does not keep this account.

    Nobody keeps those of the three administrators: who could set their passwords would be all
    three. That holds for a closed account too, and before the role begins. Of other accounts every
    role counts, not only the one within reach: whoever sets the password acts in all of them.
    """
    if not holds_role_anywhere(actor, ACCOUNT_KEEPERS):
        return DomainError("role-required", "账号由系统管理员办理")
    today = timezone.localdate()
    held = list(user.memberships.filter(VALIDITY.lasting(today)).select_related("organization"))
    if user.is_system or any(m.role in SEPARATED_ADMINS for m in held):
        message = (
            "系统、安全、审计管理员的账号不能由他人改动，请由本人修改密码或由运维人员以命令处理"
        )
        return DomainError("separated-account", message)
    if not all(holds_role(actor, ACCOUNT_KEEPERS, m.organization.path) for m in held):
        message = "该账号在您的管辖范围之外另有任职，请由其所任各组织共同上级的系统管理员办理"
        return DomainError("account-serves-elsewhere", message)
    return None


def _record(membership: Membership, action: str, actor: User, note: str) -> None:
    record_event(
        Record.Kind.GRANT,
        subject_of(membership.user),
        action,
        actor=actor,
        organization=membership.organization,
        note=note,
        after={
            "role": str(Role(membership.role).label),
            "organization": membership.organization.name,
            "valid_from": membership.valid_from,
            "valid_until": membership.valid_until,
        },
    )


def _record_account(
    user: User,
    action: str,
    actor: User,
    *,
    before: dict | None = None,
    after: dict | None = None,
) -> None:
    record_event(
        Record.Kind.GRANT,
        subject_of(user),
        action,
        actor=actor,
        organization=home_of(user) or home_of(actor),
        before=before or {},
        after=after or {"username": user.username},
    )
