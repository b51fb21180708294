"""What the bank answered for an instalment: entered, and taken back where it was typed wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.permissions import (
    RECEIPT,
    TAKE_BACK_RECEIPT,
    may_receipt,
    may_take_back_payment_receipt,
)
from subsidies.workflow import locked_payment
from workflow.refusals import check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User
    from subsidies.models import Payment


@refusing()
@transaction.atomic
def receipt_payment(payment_id: int, receipt: str, *, actor: User) -> Payment:
    """Enter the number of the bank's receipt of what was ordered singly."""
    payment = locked_payment(payment_id, actor)
    may_receipt.check(actor, payment)
    answer(payment, receipt, actor)
    return payment


@refusing()
@transaction.atomic
def take_back_payment_receipt(payment_id: int, *, actor: User, note: str) -> Payment:
    """Take back a receipt that was typed wrong, for a reason: the bank's answer is open again."""
    payment = locked_payment(payment_id, actor)
    may_take_back_payment_receipt.check(actor, payment)
    check_reason(note, "撤回回单")
    unanswer(payment, actor, note)
    return payment


def answer(payment: Payment, receipt: str, actor: User) -> None:
    """Enter the receipt of an instalment that is locked, singly or by its list."""
    body = payment.grant.fund.organization
    told = {"receipt": receipt}
    RECEIPT.apply(
        payment,
        organization=body,
        actor=actor,
        after=told,
        receipt=receipt,
        answered_by=actor,
    )


def unanswer(payment: Payment, actor: User, note: str) -> None:
    """Take the receipt of a locked instalment back; the record keeps its number."""
    TAKE_BACK_RECEIPT.apply(
        payment,
        organization=payment.grant.fund.organization,
        actor=actor,
        note=f"原回单号{payment.receipt}；{note}",
        receipt="",
        answered_by=actor,
    )
