"""What the bank sends back after the year's account was confirmed: taken out of what was given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from subsidies.models import Account, Entry, Settlement
from subsidies.models.funds import NOTHING
from subsidies.services.ledger import Place, Purse, book, take_back
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from decimal import Decimal

    from subsidies.models import Payment
    from subsidies.services.ledger import Hands


def return_settled(payment: Payment, paid: Entry, hands: Hands, note: str) -> str:
    """Book the red entry of an instalment whose year is settled: the money never came to the academy, so
    that so much less of it was given back; it is released into the budget of its fund.

    What of it was not given back is taken out of what was carried over, while it is not spent there. In
    the caller's transaction, the grant locked. Refused where that is less too: what the academy spent the
    bank cannot have. In words, what it changes for the academy.
    """
    grant, amount = payment.grant, payment.amount
    purse = Purse(grant.fund, grant.academy)
    held, reserved = purse.account(Place.HELD), purse.account(Place.RESERVED)
    rows = Entry.objects.filter(giver=held, reversed_by__isnull=True)
    returned = rows.filter(kind=Entry.Kind.RETURN)
    whole = returned.filter(
        Q(key=f"return:{grant.pk}") | Q(key__startswith=f"return:{grant.pk}:")
    ).last()
    given_back = whole.amount if whole else NOTHING
    words = f"退回数相应减少{min(given_back, amount):,.2f}元"
    if given_back < amount:
        carried = rows.filter(kind=Entry.Kind.CARRY).select_related("taker__fund").last()
        taken = _uncarry(carried, amount - given_back, hands, note)
        words += (
            f"；结转到{taken.fund}的款项相应减少{amount - given_back:,.2f}元，该专账余额随之减少"
        )
    if whole:
        take_back(whole, Entry.Reason.RETURNED, hands=hands, note=note)
    take_back(paid, Entry.Reason.RETURNED, hands=hands, note=note)
    rest = max(given_back - amount, NOTHING)
    moves = [
        (Entry.Kind.RELEASE, reserved, purse.account(Place.BUDGET), amount),
        (Entry.Kind.RETURN, held, purse.account(Place.RETURNED), rest),
    ]
    for kind, giver, taker, moved in moves:
        if moved:
            key = f"{kind}:{grant.pk}:{payment.pk}"
            book(kind, giver, taker, moved, key=key, hands=hands, note=note)
    return words


def _uncarry(carried: Entry | None, amount: Decimal, hands: Hands, note: str) -> Account:
    """Take ``amount`` out of what was carried over: the whole taken back, and the rest carried anew.

    The account that it is taken out of.
    """
    if carried is None or carried.amount < amount:
        message = (
            "该年度已决算，退回的款项已经列支，不能登记退票；银行款项确已退回的，"
            "请由经审人员对所列支出提出审计发现，登记退回款后结清"
        )
        raise DomainError("return-after-settlement", message)
    stands = Account.objects.values_list("balance", flat=True).get(pk=carried.taker_id)
    if stands < carried.amount:
        raise DomainError("carried-money-spent", _spent(carried, stands))
    red = take_back(carried, Entry.Reason.RETURNED, hands=hands, note=note)
    if rest := carried.amount - amount:
        sides = carried.giver_id, carried.taker_id
        book(Entry.Kind.CARRY, *sides, rest, key=f"recarry:{red.pk}", hands=hands, note=note)
    return carried.taker


def _spent(carried: Entry, stands: Decimal) -> str:
    """Why what was carried over cannot be taken back, and what is to be done first."""
    taker = carried.taker
    of_next = {"grant__fund": taker.fund_id, "grant__academy": taker.academy_id}
    if Settlement.objects.filter(**of_next, state=Settlement.State.CONFIRMED).exists():
        return (
            f"结转到{taker.fund}的{carried.amount:,.2f}元已随该年度决算，不能登记退票；该年度的支出也不能再冲销，"
            "请由经审人员对所列支出提出审计发现，按审计意见处理"
        )
    return (
        f"结转到{taker.fund}的{carried.amount:,.2f}元只剩{stands:,.2f}元，不能登记退票；"
        "请学院先将用结转资金列支的支出红字冲销，或者待该年度拨款到账后再登记"
    )
