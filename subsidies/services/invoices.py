"""Comparing what was typed of an expense with its electronic invoice, which is kept as it came."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from intake.invoices.reader import kind_of, read_invoice
from subsidies.models import Evidence, Expense
from subsidies.permissions import may_withdraw
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing
from workflow.storage import attachments
from workflow.texts.folding import fold_prose

if TYPE_CHECKING:
    from intake.invoices.reader import InvoiceFacts
    from organizations.models import User
    from talents.services.scans import Scan

COMPARED = Event("subsidies.invoice-compared", "核对电子发票")
SAID = 500
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
def compare_invoice(pk: int, scan: Scan, *, actor: User, note: str = "") -> list[str]:
    """Put the comparison on record and keep the file itself beside the figures; returns the differences.

    Where they differ, only with words (``note``) that say why. The same file again for the same expense
    is compared anew and kept once; for another expense it is refused (``evidence-is-used-once``).
    """
    rows = Expense.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union"
    )
    expense = rows.get(pk=pk)
    may_withdraw.check(actor, expense)
    said = read_invoice(scan.content)
    found = differences(expense, said)
    if found and not note.strip():
        message = f"电子发票与登记不一致：{'；'.join(found)}。请核对；登记有误的先红字冲销再登记，确需保留的写明说明"
        raise DomainError("invoice-differs", message)
    result = "；".join(found) or "一致"
    kept = _keep(expense, scan, f"{_in_words(said)}；与登记核对：{result}", actor)
    record_event(
        COMPARED,
        subject_of(expense),
        actor=actor,
        organization=expense.academy.organization,
        note=note,
        after={"sha256": kept.sha256, "filename": kept.attachment.filename, "result": result},
    )
    return found


def _keep(expense: Expense, scan: Scan, words: str, actor: User) -> Evidence:
    """The original as evidence of ``expense``, encrypted like every attachment; once."""
    digest = hashlib.sha256(scan.content).hexdigest()
    known = expense.evidence.filter(sha256=digest).select_related("attachment").first()
    if known is not None:
        return known
    row = attachments.register(
        scan.content,
        filename=scan.filename,
        kind=kind_of(scan.content),
        organization=expense.academy.organization,
        uploaded_by=actor,
    )
    attachments.keep(scan.content)
    return Evidence.objects.create(
        expense=expense, attachment=row, kind=Evidence.Kind.ELECTRONIC, sha256=row.sha256,
        said=words[:SAID], added_by=actor,
    )  # fmt: skip


def _in_words(said: InvoiceFacts) -> str:
    parts = [f"发票号码{said.number}"]
    parts += [f"开票日期{said.issued_on}"] * bool(said.issued_on)
    parts += [f"价税合计{said.amount:,.2f}元"] if said.amount is not None else []
    parts += [f"销售方{said.seller}"] * bool(said.seller)
    return "，".join(parts)


def _name(text: str) -> str:
    return "".join(fold_prose(text).translate(PARENTHESES).split()).casefold()
