"""Lists of transfers: drawn up, signed and so paid, answered by the bank line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.models import Payout, Transfer
from subsidies.models.funds import Line
from subsidies.permissions.claims import (
    CANCEL_PAYOUT,
    SIGN_PAYOUT,
    may_cancel_payout,
    may_draw_up,
    may_enter_receipt,
    may_fetch,
    may_return_transfer,
    may_sign_payout,
    may_take_back_receipt,
)
from subsidies.rules.bank_files import bank_file, digest_of
from subsidies.services import claim_notices as notices
from subsidies.services.funds import locked_fund
from subsidies.services.ledger import Hands
from subsidies.workflow.dues import dues_of
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.models import User
    from subsidies.rules.listing import LeftOut

DRAWN = Event("subsidies.payout-drawn", "编制付款清单")
FETCHED = Event("subsidies.payout-fetched", "取银行文件", Record.Kind.EXPORT)
ANSWERED = Event("subsidies.transfer-receipt", "登记银行回单")
TAKEN_BACK = Event("subsidies.transfer-receipt-taken-back", "撤回银行回单")
#: So many that were left out are named in a sentence.
MOST_NAMED = 20
#: So much of why the bank sent a transfer back stands on its line.
MOST_OF_REASON = 120


@refusing()
@transaction.atomic
def draw_up_payout(fund_id: int, line: str, *, actor: User) -> Payout:
    """List everything on a line of a fund that waits to be paid, for the bank."""
    fund = locked_fund(fund_id, actor)
    may_draw_up.check(actor, fund.organization)
    dues = dues_of(line)
    ready, left = dues.waiting(fund, line, actor)
    if not ready:
        raise DomainError("nothing-to-pay", "；".join([dues.nothing, *map(str, left[:MOST_NAMED])]))
    place = fund.payouts.filter(line=line).count() + 1
    number = f"{fund.year}-{Line(line).label}-{fund.pk}-{place:03}"
    payout = Payout.objects.create(fund=fund, line=line, number=number, drawn_by=actor)
    for position, due in enumerate(ready, start=1):
        Transfer.objects.create(payout=payout, position=position, **dues.columns(due))
        dues.put_on(due, payout, actor)
    record_event(
        DRAWN,
        subject_of(payout),
        actor=actor,
        organization=fund.organization,
        after={"count": len(ready), "number": number} | _said_of(left),
    )
    notices.tell_drawn(payout, actor=actor)
    return payout


@refusing()
@transaction.atomic
def sign_payout(pk: int, *, actor: User) -> Payout:
    """Sign what another drew up: every transfer is booked, and the bank's file fixed by its digest."""
    payout = locked_payout(pk, actor)
    may_sign_payout.check(actor, payout)
    dues, hands = dues_of(payout.line), Hands(payout.drawn_by or actor, actor)
    for transfer in _in_order(payout):
        transfer.entry = dues.pay(transfer, hands, actor)
        transfer.save(update_fields=["entry"])
        dues.settle(transfer, actor)
    digest = digest_of(bank_file(payout))
    SIGN_PAYOUT.apply(
        payout,
        organization=payout.fund.organization,
        actor=actor,
        after={"digest": digest},
        signed_by=actor,
        digest=digest,
    )
    return payout


@refusing()
@transaction.atomic
def cancel_payout(pk: int, *, actor: User, note: str) -> Payout:
    """Give a list up before it is signed; what it paid waits for another."""
    payout = locked_payout(pk, actor)
    may_cancel_payout.check(actor, payout)
    check_reason(note, "作废付款清单")
    dues = dues_of(payout.line)
    for transfer in _in_order(payout):
        dues.take_off(transfer, actor, note)
    CANCEL_PAYOUT.apply(payout, organization=payout.fund.organization, actor=actor, note=note)
    notices.tell_cancelled(payout, actor=actor, note=note)
    return payout


@transaction.atomic
def fetch_file(pk: int, *, actor: User) -> bytes:
    """The bank's file, the same bytes as were signed; the fetching stands on record."""
    payout = locked_payout(pk, actor)
    may_fetch.check(actor, payout)
    content = bank_file(payout)
    if digest_of(content) != payout.digest:
        message = "银行文件与复核时的摘要值不符，付款明细可能被改动，请勿付款，并请经审人员核查"
        raise DomainError("payout-altered", message)
    record_event(
        FETCHED, subject_of(payout), actor=actor, organization=payout.fund.organization,
        after={"digest": payout.digest},
    )  # fmt: skip
    return content


@refusing()
@transaction.atomic
def receipt_transfer(pk: int, receipt: str, *, actor: User) -> Transfer:
    """Enter the number of the bank's receipt, once."""
    transfer = _locked_transfer(pk, actor)
    may_enter_receipt.check(actor, transfer)
    dues_of(transfer.payout.line).answer(transfer, receipt, actor)
    transfer.receipt, transfer.answered_by = receipt, actor
    transfer.save(update_fields=["receipt", "answered_by"])
    _answered(ANSWERED, transfer, actor, {"receipt": receipt})
    return transfer


@refusing()
@transaction.atomic
def take_back_receipt(pk: int, *, actor: User, note: str) -> Transfer:
    """Take back a receipt that belongs elsewhere, for a reason: the bank's answer is open again."""
    transfer = _locked_transfer(pk, actor)
    may_take_back_receipt.check(actor, transfer)
    check_reason(note, "撤回回单")
    dues_of(transfer.payout.line).unanswer(transfer, actor, note)
    before, transfer.receipt, transfer.answered_by = transfer.receipt, "", actor
    transfer.save(update_fields=["receipt", "answered_by"])
    words = {"receipt": before, "reason": note}
    _answered(TAKEN_BACK, transfer, actor, words)
    return transfer


@refusing()
@transaction.atomic
def return_transfer(pk: int, *, actor: User, note: str) -> Transfer:
    """The bank sent it back, even after a receipt: booked in red, released, and to be paid anew."""
    transfer = _locked_transfer(pk, actor)
    may_return_transfer.check(actor, transfer)
    check_reason(note, "登记退票")
    first, second = transfer.payout.drawn_by, transfer.payout.signed_by
    hands = Hands((second if first == actor else first) or actor, actor)
    dues_of(transfer.payout.line).give_back(transfer, hands, actor, note)
    transfer.returned, transfer.answered_by = (
        note[:MOST_OF_REASON],
        actor,
    )  # the record has it whole
    transfer.save(update_fields=["returned", "answered_by"])
    _answered(ANSWERED, transfer, actor, {"returned": note})
    return transfer


def _said_of(left: list[LeftOut]) -> dict[str, str]:
    """Who was left out and why, for the record."""
    if not left:
        return {}
    more = f"等{len(left)}笔" if len(left) > MOST_NAMED else ""
    return {"left_out": "；".join(map(str, left[:MOST_NAMED])) + more}


def _locked_transfer(pk: int, actor: User) -> Transfer:
    """A transfer, its list locked before it."""
    rows = Transfer.objects.visible_to(actor)
    locked_payout(rows.values_list("payout_id", flat=True).get(pk=pk), actor)
    rows = rows.select_related(
        "payout__fund__organization", "payout__drawn_by", "payout__signed_by", "entry"
    )
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _answered(event: Event, transfer: Transfer, actor: User, after: dict[str, str]) -> None:
    payout = transfer.payout
    record_event(
        event,
        subject_of(payout),
        actor=actor,
        organization=payout.fund.organization,
        note=transfer.reference,
        after=after,
    )


def _in_order(payout: Payout) -> Iterator[Transfer]:
    """Its transfers as whoever handles them singly locks them: by grant, and by what they pay."""
    for transfer in payout.transfers.order_by("claim", "payment__grant", "payment"):
        transfer.payout = payout
        yield transfer


def locked_payout(pk: int, actor: User) -> Payout:
    rows = Payout.objects.visible_to(actor).select_related("fund__organization", "drawn_by")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
