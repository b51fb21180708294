"""What waits to be paid from a fund, and what a list for the bank left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subsidies.models import Claim, Payment, Payout
from subsidies.models.funds import Line
from subsidies.rules.listing import AFTERWARDS, BEYOND, MOST, LeftOut, part_claims, part_payments

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from subsidies.models import Fund


def claims_due(fund: Fund, line: str, user: User) -> QuerySet[Claim]:
    """Approved claims on a line of a fund, within what ``user`` may see."""
    rows = Claim.objects.visible_to(user).select_related(
        "person", "organization", "honour", "edition"
    )
    return rows.filter(fund=fund, line=line, state=Claim.State.APPROVED).order_by("pk")


def payments_due(fund: Fund, user: User) -> QuerySet[Payment]:
    """Instalments of a fund that nobody ordered, within what ``user`` may see."""
    rows = Payment.objects.visible_to(user).select_related(
        "grant__academy", "grant__fund__organization"
    )
    return rows.filter(grant__fund=fund, state=Payment.State.PLANNED).order_by("pk")


def left_out_of(payout: Payout, user: User) -> list[LeftOut]:
    """What waits on the fund and line of a list and does not stand on it, while that matters.

    Seen from now: what could be listed by now goes on the next list.
    """
    if payout.state == Payout.State.CANCELLED:
        return []
    fund, drawer = payout.fund, payout.drawn_by or user
    later = AFTERWARDS if payout.transfers.count() < MOST else BEYOND
    if payout.line == Line.ACADEMY:
        payments, left = part_payments(payments_due(fund, user), drawer)
        return left + [LeftOut(str(row), later) for row in payments]
    claims, left = part_claims(claims_due(fund, payout.line, user), drawer)
    return left + [LeftOut(str(row), later) for row in claims]
