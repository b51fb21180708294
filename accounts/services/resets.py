"""Passwords and second factors reset by two administrators: one asks, another one has it done.

What one of them set is good for one thing, to set a password of one's own, and for a day. The owner and
the audit administrator are told.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import may_approve_reset, may_keep
from organizations.models import CredentialReset, User
from organizations.roles import Role
from organizations.scoping import accounts_that_serve, home_of
from workflow.models import Record
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

Kind = CredentialReset.Kind
#: How long a password that administrators set lets its owner in.
GOOD_FOR = timedelta(days=1)
#: The same of the first three administrators, who are locked out for good afterwards.
FIRST_GOOD_FOR = timedelta(days=365)
ASKED = Event("accounts.reset-asked", "申请", Record.Kind.GRANT)
RESET = {
    Kind.PASSWORD: Event("accounts.password-set", "重置密码", Record.Kind.GRANT),
    Kind.FACTOR: Event("accounts.second-factor-removed", "取消两步验证", Record.Kind.GRANT),
}


def ask_password(owner: User, password: str, *, actor: User) -> CredentialReset:
    """Propose a password for someone who forgot theirs; until it is approved nothing changes."""
    return _ask(owner, Kind.PASSWORD, actor, sealed=make_password(password))


def ask_factor(owner: User, *, actor: User) -> CredentialReset:
    """Propose to take the second factor off the account of someone who lost the device."""
    return _ask(owner, Kind.FACTOR, actor)


def _ask(owner: User, kind: Kind, actor: User, *, sealed: str = "") -> CredentialReset:
    may_keep.check(actor, owner)
    with refusing(), transaction.atomic():
        reset = CredentialReset.objects.create(
            owner=owner, kind=kind, sealed=sealed, asked_by=actor
        )
        _record(reset, ASKED.of(kind.label), actor)
    return reset


@transaction.atomic
def approve(reset_id: int, *, actor: User) -> CredentialReset:
    """Do what another administrator asked for; the owner's sessions end."""
    rows = CredentialReset.objects.visible_to(actor).select_related("owner")
    reset = rows.select_for_update(of=("self",)).get(pk=reset_id)
    may_approve_reset.check(actor, reset)
    owner, now = reset.owner, timezone.now()
    if reset.kind == Kind.PASSWORD:
        owner.password, owner.password_expires_at = reset.sealed, now + GOOD_FOR
        owner.save(update_fields=["password", "password_expires_at"])
    else:
        Authenticator.objects.filter(user=owner).delete()
    reset.approved_by, reset.approved_at, reset.sealed = actor, now, ""
    reset.save(update_fields=["approved_by", "approved_at", "sealed"])
    _record(reset, RESET[Kind(reset.kind)], actor)
    _tell(reset)
    return reset


def owner_set_password(owner: User) -> None:
    """The owner has a password of their own again."""
    User.objects.filter(pk=owner.pk).update(password_expires_at=None)


def password_handed_over(owner: User) -> None:
    """The password is to be changed first, however late: nobody is there yet to set another."""
    until = timezone.now() + FIRST_GOOD_FOR
    User.objects.filter(pk=owner.pk).update(password_expires_at=until)


def password_expires_at(request: HttpRequest) -> datetime | None:
    """Until when this account may use a password that others know; None where it is its own."""
    return request.user.password_expires_at if isinstance(request.user, User) else None


def _record(reset: CredentialReset, event: Event, actor: User) -> None:
    record_event(
        event,
        subject_of(reset.owner),
        actor=actor,
        organization=home_of(reset.owner) or home_of(actor),
        after={"username": reset.owner.username},
    )


def _tell(reset: CredentialReset) -> None:
    owner, home = reset.owner, home_of(reset.owner)
    title = f"{owner} 的账号已{reset.get_kind_display()}"
    body = f"由{reset.asked_by}申请、{reset.approved_by}复核办理。不是本人提出的，请立即报告审计管理员。"
    words = {"subject": subject_of(owner), "body": body}
    tell([owner], title, href=reverse("account_change_password"), **words)
    if home is not None:
        watchers = User.objects.filter(accounts_that_serve([Role.AUDIT_ADMIN], home.path))
        tell(watchers.distinct(), title, href=reverse("portal:records"), **words)
