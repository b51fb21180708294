"""How often one may guess: by account, by address, and by both; passwords and codes alike.

Failures are counted in the database, under the name of the account that was meant, however it was
typed. While a lock lasts nothing is tried and nothing counted, so that nobody keeps others out by
going on guessing.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from typing import TYPE_CHECKING, Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings

from organizations.models import User
from organizations.scoping import home_of
from workflow.models import Record
from workflow.records import Event, record_event, subject_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

FAILED = Event("accounts.login-failed", "登录失败", Record.Kind.LOGIN)
LOCKED_OUT = Event("accounts.locked-out", "登录失败过多，锁定", Record.Kind.LOGIN)
#: Failures within a cool-off until nothing more is tried. A house may share one address.
MOST_FAILURES = {("username", "ip_address"): 5, ("username",): 20, ("ip_address",): 100}
LONGEST_NAME = 150
NETWORK_BITS = 64  # of an IPv6 address; whoever has one has a network of them


class Lockout(AxesDatabaseHandler):
    """Counts failures and puts them on record."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """The worst of the counts, each as a share of its own limit."""
        counts = zip(
            self.get_user_attempts(request, credentials), MOST_FAILURES.values(), strict=True
        )
        return max(
            sum(attempts.values_list("failures_since_start", flat=True))
            * settings.AXES_FAILURE_LIMIT
            // most
            for attempts, most in counts
        )

    def user_login_failed(
        self, sender: str, credentials: dict, request: Any = None, **words: Any
    ) -> None:
        """Count the failure; on record stand those of accounts, not what strangers type."""
        if request is None:
            return
        was_locked = request.axes_locked_out
        super().user_login_failed(sender, credentials, request, **words)
        user = User.objects.filter(username=name_tried(request, credentials)).first()
        if user is None or was_locked:
            return
        for event in (FAILED, LOCKED_OUT) if request.axes_locked_out else (FAILED,):
            record_event(
                event,
                subject_of(user),
                actor=User.objects.system(),
                organization=home_of(user),
                after={"address": address_of(request)},
            )

    def reset_user_attempts(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """A success forgives this account at this address, and nothing tried elsewhere or on others."""
        mine = AccessAttempt.objects.filter(
            username=name_tried(request, credentials), ip_address=network_of(request)
        )
        return mine.delete()[0]


def name_tried(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """Whose failures are counted: the account that logging in would find, else the folded name.

    The form calls it `login`, an authentication `username`.
    """
    typed = request.POST if request else {}
    text = (credentials or {}).get("username") or typed.get("login") or typed.get("username") or ""
    name = str(text).replace("\0", "").strip()[:LONGEST_NAME]
    known = User.objects.filter(username__iexact=name).values_list("username", flat=True).first()
    return known or unicodedata.normalize("NFKC", name).casefold()


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: the nearest address that is not a gateway of ours.

    What others write into the header is believed only as far as our own gateways vouch for it.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    hops.append(request.META.get("REMOTE_ADDR", ""))
    while len(hops) > 1 and hops[-1] in settings.TRUSTED_PROXIES and _is_address(hops[-2]):
        hops.pop()
    return hops[-1]


def network_of(request: HttpRequest) -> str:
    """The address as failures are counted by."""
    address = address_of(request)
    if ":" in address:
        network = ipaddress.ip_network(f"{address.partition('%')[0]}/{NETWORK_BITS}", strict=False)
        return str(network.network_address)
    return address


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
