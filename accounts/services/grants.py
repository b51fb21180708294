"""Accounts and roles, given and taken on the record.

Two people for one post: the system administrator opens accounts, the security administrator says
what they may do, the audit administrator reads both. The database sees to it that these are three.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from axes.utils import reset
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.permissions import may_give_roles, may_keep, may_open_accounts
from accounts.services.delegations import end_with
from accounts.services.resets import GOOD_FOR
from organizations.models import Membership, User
from organizations.roles import Role
from organizations.scoping import home_of
from workflow.corrections import Correctable, check_version, correct
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing
from workflow.storage import vault

if TYPE_CHECKING:
    from datetime import date

Kind = Record.Kind
GRANTED = Event("accounts.role-granted", "授权", Kind.GRANT)
REVOKED = Event("accounts.role-revoked", "收回", Kind.GRANT)
OPENED = Event("accounts.opened", "开立账号", Kind.GRANT)
ACCOUNT_CORRECTED = Event("accounts.corrected", "更正账号", Kind.GRANT)
TIED = Event("accounts.tied", "登记账号本人身份", Kind.GRANT)
UNLOCKED = Event("accounts.unlocked", "解除登录锁定", Kind.GRANT)
#: What may be put right about an account.
ACCOUNT = Correctable(("display_name", "is_active"), organization=home_of, event=ACCOUNT_CORRECTED)
#: Of a role only its end is ever written anew.
TERM = Correctable(("valid_until",))


def grant(membership: Membership, *, actor: User, note: str = "") -> Membership:
    """Save a new membership: its account may do what the role says, at the body and below."""
    may_give_roles.check(actor, membership.organization)
    if membership.user == actor:
        raise DomainError("own-role", "不能给自己授权，请由另一位安全管理员办理")
    with transaction.atomic():
        save_refusing(membership)
        _record(membership, GRANTED, actor, note)
    return membership


def revoke(
    membership: Membership,
    *,
    actor: User,
    on: date | None = None,
    note: str = "",
    version: int | None = None,
) -> None:
    """End a role on a day (today if none is given); what it was stays on file."""
    may_give_roles.check(actor, membership.organization)
    with transaction.atomic():
        row = Membership.objects.select_for_update().get(pk=membership.pk)
        check_version(row, version, TERM)
        end = on or timezone.localdate()
        if row.valid_until is not None and row.valid_until <= end:
            raise DomainError(
                "role-already-ended", f"该角色已于{row.valid_until}失效，无需再次收回"
            )
        if row.stands_for_id and row.valid_from <= timezone.localdate():
            end = max(
                end, row.valid_from + timedelta(days=1)
            )  # it was held: who held it stays known
        end_with(row, end, actor=actor)
        if end <= row.valid_from:
            # A role ends after it begins (constraint): one taken back on its first day was never held.
            _record(row, REVOKED, actor, note)
            row.stand_ins.all().delete()
            row.delete()
            return
        row.valid_until = end
        save_refusing(row, update_fields=["valid_until"])
        _record(row, REVOKED, actor, note)


def open_account(
    username: str, *, display_name: str, password: str, actor: User, identity: str = ""
) -> User:
    """A new account, which may do nothing until a role is given to it.

    ``identity``: the number of the person whose it is; each has one account. Without it the
    account can hold none but an administrator's role.
    """
    may_open_accounts.check(actor)
    with transaction.atomic():
        user = User(username=username, display_name=display_name)
        user.owner_digest = vault.digest(identity) if identity else None
        user.set_password(password)
        user.password_expires_at = timezone.now() + GOOD_FOR
        save_refusing(user)
        _record_account(user, OPENED, actor)
    return user


def tie_account(user: User, identity: str, *, actor: User) -> None:
    """Say whose account it is, once and for all."""
    may_keep.check(actor, user)
    with refusing(), transaction.atomic():
        User.objects.filter(pk=user.pk).update(owner_digest=vault.digest(identity))
        _record_account(user, TIED, actor)


def correct_account(
    user: User, facts: dict[str, Any], *, version: int | None, actor: User, note: str
) -> None:
    """Another name, or the account closed or opened again; its rows and records stay."""
    may_keep.check(actor, user)
    here = replace(ACCOUNT, organization=lambda row: home_of(row) or home_of(actor))
    correct(user, facts, version=version, actor=actor, note=note, declared=here)


def unlock(user: User, *, actor: User) -> None:
    """Let an account try again that failed to log in too often."""
    may_keep.check(actor, user)
    with transaction.atomic():
        reset(username=user.username)
        _record_account(user, UNLOCKED, actor)


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


def save_refusing(row: Membership | User, **options: list[str]) -> None:
    """Save; what a constraint or trigger refuses comes out as the refusal it is."""
    with refusing(), transaction.atomic():
        row.save(**options)  # type: ignore[arg-type]


def _record(membership: Membership, event: Event, actor: User, note: str) -> None:
    record_event(
        event,
        subject_of(membership.user),
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


def _record_account(user: User, event: Event, actor: User) -> None:
    record_event(
        event,
        subject_of(user),
        actor=actor,
        organization=home_of(user) or home_of(actor),
        after={"username": user.username},
    )
