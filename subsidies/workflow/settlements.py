"""Closing a year: the account is drawn up from the ledger, and confirmed, which empties the accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from subsidies.models import Entry, Grant, Payment, Settlement
from subsidies.permissions.settlements import (
    CONFIRM,
    HAND_IN_AGAIN,
    SEND_BACK,
    SETTLE,
    may_confirm,
    may_send_back,
    may_settle,
)
from subsidies.rules.settling import next_grant, sums_of
from subsidies.services import notices
from subsidies.services.ledger import Hands, Place, Purse, book
from subsidies.services.settled import keep_for_academy
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

DRAWN_UP = Event("subsidies.settlement-drawn", "编制决算")


@refusing()
@transaction.atomic
def settle_grant(grant_id: int, results: str, explanation: str, *, actor: User) -> Settlement:
    """Draw up the account of a grant's year; the sums are those of the ledger."""
    grant = _locked_grant(grant_id, actor)
    may_settle.check(actor, grant)
    _check_payments(grant)
    words: dict[str, Any] = {"results": results, "explanation": explanation, "drawn_by": actor}
    facts = sums_of(grant, timezone.localdate()).columns() | words
    body = grant.academy.organization
    known = Settlement.objects.select_for_update(no_key=True).filter(grant=grant).first()
    if known is None:
        known = Settlement.objects.create(grant=grant, **facts)
        after = {"left": str(known.left)}
        record_event(DRAWN_UP, subject_of(known), actor=actor, organization=body, after=after)
    else:
        HAND_IN_AGAIN.apply(known, organization=body, actor=actor, **facts)
    notices.tell_settlement(known, actor=actor)
    return known


@refusing()
@transaction.atomic
def confirm_settlement(pk: int, *, actor: User, note: str = "") -> Settlement:
    """Confirm the account: what is left is carried over or given back, what was not paid released."""
    settlement = _locked(pk, actor)
    may_confirm.check(actor, settlement)
    grant, payer = settlement.grant, settlement.grant.fund.organization
    _check_payments(grant)
    sums = sums_of(grant, timezone.localdate()).columns()
    if any(getattr(settlement, name) != value for name, value in sums.items()):
        message = "报送后专账又有变动，决算数与账面不符；请退回学院重新编制"
        raise DomainError("settlement-outdated", message)
    _book(settlement, Hands(settlement.drawn_by or actor, actor))
    SETTLE.apply(grant, organization=payer, actor=actor, note=note)
    CONFIRM.apply(settlement, organization=payer, actor=actor, note=note, confirmed_by=actor)
    notices.tell_settled(settlement, actor=actor)
    keep_for_academy(settlement, f"已审定。{note}" if note else "已审定", actor=actor)
    return settlement


@refusing()
@transaction.atomic
def return_settlement(pk: int, *, actor: User, note: str) -> Settlement:
    """Send the account back to be drawn up anew, for a reason."""
    settlement = _locked(pk, actor)
    may_send_back.check(actor, settlement)
    if not note.strip():
        raise DomainError("reason-required", "退回决算须写明事由")
    payer = settlement.grant.fund.organization
    SEND_BACK.apply(settlement, organization=payer, actor=actor, note=note)
    notices.tell_settled(settlement, actor=actor, note=note)
    keep_for_academy(settlement, f"已退回，请重新编制。事由：{note}", actor=actor)
    return settlement


def _book(settlement: Settlement, hands: Hands) -> None:
    """The entries that empty the year's accounts; each once, whatever is tried again."""
    grant, purse = settlement.grant, Purse(settlement.grant.fund, settlement.grant.academy)
    held = purse.account(Place.HELD)
    following = next_grant(grant)
    moves = [
        (Entry.Kind.RETURN, held, purse.account(Place.RETURNED), settlement.given_back),
        (
            Entry.Kind.RELEASE,
            purse.account(Place.RESERVED),
            purse.account(Place.BUDGET),
            settlement.unpaid,
        ),
    ]
    if following is not None:
        next_held = Purse(following.fund, grant.academy).account(Place.HELD)
        moves.append((Entry.Kind.CARRY, held, next_held, settlement.carried))
    for kind, giver, taker, amount in moves:
        if amount:
            note = f"{grant.number}决算"
            book(kind, giver, taker, amount, key=f"{kind}:{grant.pk}", hands=hands, note=note)


def _check_payments(grant: Grant) -> None:
    if grant.payments.filter(state=Payment.State.ORDERED).exists():
        message = "还有已制单、未复核的拨款，请先复核拨付或退回制单，再办理决算"
        raise DomainError("payment-under-way", message)
    # of history there is no receipt to wait for: nobody drew up an order here
    paid = grant.payments.filter(state=Payment.State.PAID, ordered_by__isnull=False)
    if paid.exists():
        message = (
            "还有拨款没有登记银行回单，银行退回的款项决算后无法入账；请先登记回单或退票，再办理决算"
        )
        raise DomainError("payment-unanswered", message)


def _locked_grant(pk: int, actor: User) -> Grant:
    rows = Grant.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union", "fund__organization"
    )
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _locked(pk: int, actor: User) -> Settlement:
    """The grant first, as whoever pays it locks it."""
    rows = Settlement.objects.visible_to(actor)
    grant = _locked_grant(rows.values_list("grant_id", flat=True).get(pk=pk), actor)
    found = rows.select_related("drawn_by").select_for_update(of=("self",), no_key=True).get(pk=pk)
    found.grant = grant
    return found
