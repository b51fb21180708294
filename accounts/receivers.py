"""Logins on the record: who came in, and from where. Failures are ``lockout``'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.signals import password_changed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts.services.lockout import address_of
from accounts.services.resets import owner_set_password
from organizations.scoping import home_of
from workflow.models import Record
from workflow.records import Event, record_event, subject_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from organizations.models import User

LOGGED_IN = Event("accounts.logged-in", "登录", Record.Kind.LOGIN)


@receiver(password_changed)
def own_password(sender: type, user: User, **_: Any) -> None:
    owner_set_password(user)


@receiver(user_logged_in)
def record_login(sender: type, request: HttpRequest | None, user: User, **_: Any) -> None:
    record_event(
        LOGGED_IN,
        subject_of(user),
        actor=user,
        organization=home_of(user),
        after={"address": address_of(request) if request else ""},
    )
