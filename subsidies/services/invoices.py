"""Comparing what was typed of an expense with what its electronic invoice says."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from intake.invoices.reader import read_invoice
from subsidies.models import Expense
from subsidies.permissions import may_withdraw
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing
from workflow.texts.folding import fold_prose

if TYPE_CHECKING:
    from intake.invoices.reader import InvoiceFacts
    from organizations.models import User

COMPARED = Event("subsidies.invoice-compared", "核对电子发票")
PARENTHESES = str.maketrans("（）", "()")


def differences(expense: Expense, said: InvoiceFacts) -> list[str]:
    """Where the invoice says otherwise than the books; what it does not say is no difference."""
    found = []
    if said.number not in (expense.invoice_number, expense.invoice_key):
        found.append(f"发票号码：登记{expense.invoice_number}，电子发票{said.number}")
    if said.amount is not None and said.amount != expense.amount:
        found.append(f"金额：登记{expense.amount:,.2f}元，电子发票{said.amount:,.2f}元")
    if said.seller and _name(said.seller) != _name(expense.payee):
        found.append(f"销售方：登记{expense.payee}，电子发票{said.seller}")
    if said.issued_on is not None and said.issued_on > expense.spent_on:
        found.append(f"日期：支出{expense.spent_on}，开票{said.issued_on}，开票晚于支出")
    return found


@refusing()
@transaction.atomic
def compare_invoice(pk: int, content: bytes, *, actor: User, note: str = "") -> list[str]:
    """Put the comparison on record; where they differ, only with words (``note``) that say why.

    Returns the differences. The file itself is not kept: its SHA-256 is.
    """
    rows = Expense.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union"
    )
    expense = rows.get(pk=pk)
    may_withdraw.check(actor, expense)
    found = differences(expense, read_invoice(content))
    if found and not note.strip():
        message = f"电子发票与登记不一致：{'；'.join(found)}。请核对；登记有误的先红字冲销再登记，确需保留的写明说明"
        raise DomainError("invoice-differs", message)
    record_event(
        COMPARED,
        subject_of(expense),
        actor=actor,
        organization=expense.academy.organization,
        note=note,
        after={
            "sha256": hashlib.sha256(content).hexdigest(),
            "result": "；".join(found) or "一致",
        },
    )
    return found


def _name(text: str) -> str:
    return "".join(fold_prose(text).translate(PARENTHESES).split()).casefold()
