"""Lists of transfers: drawn up, signed and so paid, answered by the bank line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.models import Claim, Entry, Fund, Payout, Transfer
from subsidies.models.funds import Line
from subsidies.permissions.claims import (
    CANCEL_PAYOUT,
    LIST_CLAIM,
    PAY_CLAIM,
    RETURN_CLAIM,
    SIGN_PAYOUT,
    UNLIST_CLAIM,
    may_answer,
    may_cancel_payout,
    may_draw_up,
    may_fetch,
    may_sign_payout,
)
from subsidies.rules.bank_files import bank_file, digest_of
from subsidies.services import claim_notices as notices
from subsidies.services.ledger import Hands, Place, Purse, book, take_back
from subsidies.workflow.claims import locked_claim, release
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

DRAWN = Event("subsidies.payout-drawn", "编制付款清单")
FETCHED = Event("subsidies.payout-fetched", "取银行文件", Record.Kind.EXPORT)
ANSWERED = Event("subsidies.transfer-receipt", "登记银行回单")
MOST = 2000


@refusing()
@transaction.atomic
def draw_up_payout(fund_id: int, line: str, *, actor: User) -> Payout:
    """List every approved claim of a line of a fund for the bank."""
    rows = Fund.objects.visible_to(actor).select_related("organization")
    fund = rows.select_for_update(of=("self",), no_key=True).get(pk=fund_id)
    may_draw_up.check(actor, fund.organization)
    claims = list(claims_to_pay(fund, line, actor)[:MOST])
    if not claims:
        raise DomainError("nothing-to-pay", "没有已批准、待付款的申领，无须编制付款清单")
    number = f"{fund.year}-{line}-{fund.pk}-{fund.payouts.filter(line=line).count() + 1:03}"
    payout = Payout.objects.create(fund=fund, line=line, number=number, drawn_by=actor)
    for position, claim in enumerate(claims, start=1):
        Transfer.objects.create(
            payout=payout,
            position=position,
            claim=claim,
            payee=claim.payee,
            bank=claim.bank,
            account_cipher=claim.account_cipher,
            account_mask=claim.account_mask,
            amount=claim.net,
        )
        LIST_CLAIM.apply(claim, organization=fund.organization, actor=actor, note=number)
    record_event(
        DRAWN,
        subject_of(payout),
        actor=actor,
        organization=fund.organization,
        after={"count": len(claims), "number": number},
    )
    notices.tell_drawn(payout, actor=actor)
    return payout


def claims_to_pay(fund: Fund, line: str, actor: User) -> QuerySet[Claim]:
    """Approved claims of a line that no list has, locked in one order."""
    rows = Claim.objects.visible_to(actor).select_related("person")
    waiting = rows.filter(fund=fund, line=line, state=Claim.State.APPROVED)
    return waiting.select_for_update(of=("self",), no_key=True).order_by("pk")


@refusing()
@transaction.atomic
def sign_payout(pk: int, *, actor: User) -> Payout:
    """Sign what another drew up: every transfer is booked, and the bank's file fixed by its digest."""
    payout = _locked(pk, actor)
    may_sign_payout.check(actor, payout)
    purse = Purse(payout.fund, line=Line(payout.line))
    reserved, paid = purse.account(Place.RESERVED), purse.account(Place.PAID)
    hands = Hands(payout.drawn_by or actor, actor)
    for transfer in payout.transfers.order_by("position"):
        claim = locked_claim(transfer.claim_id or 0, actor)
        transfer.entry = book(
            Entry.Kind.DISBURSE,
            reserved,
            paid,
            claim.gross,
            key=f"disburse:{transfer.pk}",
            hands=hands,
            note=f"{payout.number}第{transfer.position}笔",
        )
        transfer.save(update_fields=["entry"])
        PAY_CLAIM.apply(claim, organization=payout.fund.organization, actor=actor)
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
    """Give a list up before it is signed; its claims wait for another."""
    payout = _locked(pk, actor)
    may_cancel_payout.check(actor, payout)
    check_reason(note, "作废付款清单")
    body = payout.fund.organization
    for claim_id in payout.transfers.order_by("claim").values_list("claim", flat=True):
        claim = locked_claim(claim_id, actor)
        UNLIST_CLAIM.apply(claim, organization=body, actor=actor, note=note)
    CANCEL_PAYOUT.apply(payout, organization=body, actor=actor, note=note)
    return payout


@transaction.atomic
def fetch_file(pk: int, *, actor: User) -> bytes:
    """The bank's file, the same bytes as were signed; the fetching stands on record."""
    payout = _locked(pk, actor)
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
    transfer = _answerable(pk, actor)
    transfer.receipt = receipt
    transfer.save(update_fields=["receipt"])
    _answered(transfer, actor, {"receipt": receipt})
    return transfer


@refusing()
@transaction.atomic
def return_transfer(pk: int, *, actor: User, note: str) -> Transfer:
    """The bank sent it back: booked in red, released, and the claim asks for another account."""
    transfer = _answerable(pk, actor)
    if not note.strip():
        raise DomainError("reason-required", "登记退票须写明原因")
    payout, entry = transfer.payout, transfer.entry
    if entry is None:
        raise DomainError("not-paid", "这一笔还没有付款，没有可冲销的凭证")
    claim = locked_claim(transfer.claim_id or 0, actor)
    first, second = payout.drawn_by, payout.signed_by
    hands = Hands((second if first == actor else first) or actor, actor)
    take_back(entry, Entry.Reason.RETURNED, hands=hands, note=note)
    release(claim, actor)
    transfer.returned = note
    transfer.save(update_fields=["returned"])
    RETURN_CLAIM.apply(claim, organization=payout.fund.organization, actor=actor, note=note)
    _answered(transfer, actor, {"returned": note})
    notices.tell_returned(claim, actor=actor, note=note)
    return transfer


def _answerable(pk: int, actor: User) -> Transfer:
    """A transfer that the bank has not answered yet, its list locked before it."""
    rows = Transfer.objects.visible_to(actor)
    payout = _locked(rows.values_list("payout_id", flat=True).get(pk=pk), actor)
    may_answer.check(actor, payout)
    transfer = rows.select_related(
        "payout__fund__organization", "payout__drawn_by", "payout__signed_by", "entry"
    ).get(pk=pk)
    if transfer.receipt or transfer.returned:
        message = f"{transfer.reference}已登记过银行结果，不能再次登记"
        raise DomainError("transfer-answered", message)
    return transfer


def _answered(transfer: Transfer, actor: User, after: dict[str, str]) -> None:
    payout = transfer.payout
    record_event(
        ANSWERED,
        subject_of(payout),
        actor=actor,
        organization=payout.fund.organization,
        note=transfer.reference,
        after=after,
    )


def _locked(pk: int, actor: User) -> Payout:
    rows = Payout.objects.visible_to(actor).select_related("fund__organization", "drawn_by")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
