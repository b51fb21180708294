"""An instalment on its way: ordered, checked and so paid, answered by the bank."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pages.forms import WordsForm
from pages.views.deeds import Deed, decided
from pages.views.forms import for_form
from subsidies import workflow
from subsidies.forms import ReceiptForm
from subsidies.permissions import (
    may_bounce,
    may_check,
    may_order,
    may_recall,
    may_receipt,
    may_take_back_payment_receipt,
)
from subsidies.selectors.allocations import account_in_use
from subsidies.views.access import for_finance, payment_or_404
from subsidies.views.grants import grant_trail
from subsidies.workflow.receipts import receipt_payment, take_back_payment_receipt

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from subsidies.models import PayeeAccount, Payment
    from workflow.permissions import Permission

#: An instalment in the words of every question.
ROW = "“{row.grant.academy.name}”{row.grant.fund}第{row.position}期{row.amount:,.2f}元"
ORDER = Deed(
    "制拨款单",
    f"为{ROW}制单吗？",
    workflow.order_payment,
    form=WordsForm,
    said="已制单，待另一位财务人员复核",
)
RECALL = Deed(
    "退回制单",
    f"退回{ROW}的制单吗？",
    workflow.recall_payment,
    said="已退回制单，重新列为待拨",
)
CHECK = Deed(
    "复核拨付",
    f"拨付{ROW}吗？",
    workflow.check_payment,
    ("立即记账，专账余额随之增加；", "记账后只能以退票或红字冲销更正。"),
    form=WordsForm,
    said="已复核拨付并记账",
)
RECEIPT = Deed(
    "登记回单",
    f"{ROW}的银行回单",
    receipt_payment,
    form=ReceiptForm,
    said="回单已登记",
)
TAKE_BACK_RECEIPT = Deed(
    "撤回回单",
    f"撤回{ROW}的回单{{row.receipt}}吗？",
    take_back_payment_receipt,
    said="回单已撤回，可以重新登记",
)
BOUNCE = Deed(
    "登记退票",
    f"{ROW}被银行退回吗？",
    workflow.bounce_payment,
    ("记红字凭证，专账余额随之减少；", "同一金额重新列为待拨。"),
    said="已登记退票：红字冲销，并重新列入待拨",
    tone="bad",
)


@for_form
@for_finance
def payment_order(request: SignedRequest, pk: int) -> HttpResponse:
    """Draw up the order, for another to check."""
    payment = _payment_to(request, pk, may_order)
    account = account_in_use(payment.grant.academy, request.user)
    return _decided(request, _telling(ORDER, account), payment)


@for_form
@for_finance
def payment_recall(request: SignedRequest, pk: int) -> HttpResponse:
    """Take the order back."""
    return _decided(request, RECALL, _payment_to(request, pk, may_recall))


@for_form
@for_finance
def payment_check(request: SignedRequest, pk: int) -> HttpResponse:
    """Check the order and pay."""
    payment = _payment_to(request, pk, may_check)
    return _decided(request, _telling(CHECK, payment.payee_account), payment)


@for_form
@for_finance
def payment_receipt(request: SignedRequest, pk: int) -> HttpResponse:
    """Enter the bank's receipt."""
    return _decided(request, RECEIPT, _payment_to(request, pk, may_receipt))


@for_form
@for_finance
def payment_receipt_back(request: SignedRequest, pk: int) -> HttpResponse:
    """Take back a receipt that was typed wrong."""
    payment = _payment_to(request, pk, may_take_back_payment_receipt)
    return _decided(request, TAKE_BACK_RECEIPT, payment)


@for_form
@for_finance
def payment_bounce(request: SignedRequest, pk: int) -> HttpResponse:
    """The bank sent the money back."""
    return _decided(request, BOUNCE, _payment_to(request, pk, may_bounce))


def _payment_to(request: SignedRequest, pk: int, may: Permission) -> Payment:
    payment = payment_or_404(request, pk)
    may.check(request.user, payment)
    return payment


def _decided(request: SignedRequest, deed: Deed, payment: Payment) -> HttpResponse:
    return decided(request, deed, payment, grant_trail(payment.grant))


def _telling(deed: Deed, account: PayeeAccount | None) -> Deed:
    """With where the money goes, for whoever orders it and whoever checks it to compare."""
    told = "没有记下收款账户；"
    if account is not None:
        told = f"收款账户：{account.holder}，{account.bank}，{account.account_mask}；"
    return replace(deed, consequences=(told, *deed.consequences))
