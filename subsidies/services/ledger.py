"""Booking: the only place that hands entries to the ledger; the database obeys the rules of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from subsidies.models import Account, Entry
from subsidies.models.funds import Line

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from academies.models import Academy
    from organizations.models import User
    from subsidies.models import Fund

Kind, Place = Entry.Kind, Account.Kind

ACCOUNT = "select subsidies_account_of(%s, %s, %s, %s)"
POST = "select subsidies_post(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Purse:
    """The accounts of one fund and line, for one academy or (None) for the fund itself."""

    fund: Fund
    academy: Academy | None = None
    line: Line = Line.ACADEMY

    def account(self, kind: str) -> int:
        """The account for money at that place, opened if need be; its number."""
        shared = kind in {Place.SOURCE, Place.BUDGET, Place.RETURNED, Place.PAID}
        academy = None if shared or self.academy is None else self.academy.pk
        with connection.cursor() as cursor:
            cursor.execute(ACCOUNT, [self.fund.pk, self.line, academy, kind])
            return cursor.fetchone()[0]

    def balance(self, kind: str) -> Decimal:
        """What stands there now."""
        rows = Account.objects.filter(pk=self.account(kind))
        return rows.values_list("balance", flat=True).get()


@dataclass(frozen=True, slots=True)
class Hands:
    """Who made an entry, and who confirmed it."""

    made_by: User
    approved_by: User | None = None


def book(  # noqa: PLR0913 - what an entry consists of
    kind: str,
    giver: int,
    taker: int,
    amount: Decimal,
    *,
    key: str,
    hands: Hands,
    booked_on: date | None = None,
    note: str = "",
    reverses: Entry | None = None,
    reason: str = "",
    evidence: str = "",
) -> Entry:
    """Move money, once: the same ``key`` again gives the first entry back, whatever has changed.

    Raises what the database refuses; whoever calls it maps that to words (``refusing``).
    """
    by = hands.approved_by.pk if hands.approved_by else None
    values: list[Any] = [key, kind, giver, taker, amount, hands.made_by.pk, by]
    values += [booked_on or timezone.localdate(), note, reverses and reverses.pk, reason, evidence]
    with connection.cursor() as cursor:
        cursor.execute(POST, values)
        pk = cursor.fetchone()[0]
    return Entry.objects.get(pk=pk)


def take_back(entry: Entry, reason: str, *, hands: Hands, note: str = "") -> Entry:
    """Book the red entry against ``entry``; a second one gives the first back."""
    return book(
        Kind.RED,
        entry.taker_id,
        entry.giver_id,
        entry.amount,
        key=f"red:{entry.pk}",
        hands=hands,
        note=note,
        reverses=entry,
        reason=reason,
    )
