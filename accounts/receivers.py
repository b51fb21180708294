"""Logins on the record: who came in from where, and whose account was locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axes.helpers import get_client_ip_address
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from organizations.models import User
from organizations.scoping import home_of
from workflow.models import Record
from workflow.records import Event, record_event, subject_of

if TYPE_CHECKING:
    from django.http import HttpRequest

LOGGED_IN = Event("accounts.logged-in", "登录", Record.Kind.LOGIN)
LOCKED_OUT = Event("accounts.locked-out", "登录失败过多，锁定", Record.Kind.LOGIN)


@receiver(user_logged_in)
def record_login(sender: type, request: HttpRequest | None, user: User, **_: Any) -> None:
    record_event(
        LOGGED_IN,
        subject_of(user),
        actor=user,
        organization=home_of(user),
        after={"address": get_client_ip_address(request) if request else ""},
    )


@receiver(user_locked_out)
def record_lockout(sender: str, request: HttpRequest, username: str, **words: Any) -> None:
    """Only accounts that exist: what strangers type may be somebody's password."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        record_event(
            LOCKED_OUT,
            subject_of(user),
            actor=User.objects.system(),
            organization=home_of(user),
            after={"address": words.get("ip_address") or ""},
        )
