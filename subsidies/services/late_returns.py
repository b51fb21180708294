"""What the bank sends back after the year's account was confirmed: taken out of what was given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subsidies.models import Entry
from subsidies.services.ledger import Place, Purse, book, take_back
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from subsidies.models import Payment
    from subsidies.services.ledger import Hands


def return_settled(payment: Payment, paid: Entry, hands: Hands, note: str) -> None:
    """Book the red entry of an instalment whose year is settled: the money never came to the academy, so
    that so much less of it was given back; it is released into the budget of its fund.

    In the caller's transaction, the grant locked. Refused where that much was not given back: what the
    academy spent, or carried over, the bank cannot have.
    """
    grant, amount = payment.grant, payment.amount
    purse = Purse(grant.fund, grant.academy)
    held, reserved = purse.account(Place.HELD), purse.account(Place.RESERVED)
    rows = Entry.objects.filter(giver=held, kind=Entry.Kind.RETURN, reversed_by__isnull=True)
    whole = rows.filter(key__startswith=f"return:{grant.pk}").order_by("pk").last()
    if whole is None or whole.amount < amount:
        message = "该年度已决算，退回的款项已列支或结转，不能登记退票；请先与银行、学院核对"
        raise DomainError("return-after-settlement", message)
    take_back(whole, Entry.Reason.RETURNED, hands=hands, note=note)
    take_back(paid, Entry.Reason.RETURNED, hands=hands, note=note)
    moves = [
        (Entry.Kind.RELEASE, reserved, purse.account(Place.BUDGET), amount),
        (Entry.Kind.RETURN, held, purse.account(Place.RETURNED), whole.amount - amount),
    ]
    for kind, giver, taker, moved in moves:
        if moved:
            key = f"{kind}:{grant.pk}:{payment.pk}"
            book(kind, giver, taker, moved, key=key, hands=hands, note=note)
