"""An instalment on its way: ordered, checked and so paid, answered by the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.forms import ReasonForm, WordsForm, posted
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
from subsidies.views.grants import asked
from subsidies.workflow.receipts import receipt_payment, take_back_payment_receipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from subsidies.models import PayeeAccount, Payment
    from workflow.permissions import Permission


def _payment_step(
    may: Permission[Any], form: type[forms.Form]
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page of one step of a payment."""

    def decorate(ask: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def view(request: SignedRequest, pk: int) -> HttpResponse:
            payment = payment_or_404(request, pk)
            may.check(request.user, payment)
            return ask(request, payment, form(posted(request)))

        view.__doc__ = ask.__doc__
        guarded: Any = for_form(for_finance(view))
        return guarded

    return decorate


def _of(payment: Payment) -> str:
    grant = payment.grant
    return f"“{grant.academy.name}”{grant.fund}第{payment.position}期{payment.amount:,.2f}元"


def _goes_to(account: PayeeAccount | None) -> str:
    """Where the money goes, for whoever orders it and whoever checks it to compare."""
    if account is None:
        return "没有记下收款账户；"
    return f"收款账户：{account.holder}，{account.bank}，{account.account_mask}；"


@_payment_step(may_order, WordsForm)
def payment_order(request: SignedRequest, payment: Payment, form: forms.Form) -> HttpResponse:
    """Draw up the order, for another to check."""
    return asked(
        request,
        payment.grant,
        form,
        lambda said: workflow.order_payment(payment.pk, actor=request.user),
        said="已制单，待另一位财务人员复核",
        title="制拨款单",
        question=f"为{_of(payment)}制单吗？",
        consequences=(_goes_to(account_in_use(payment.grant.academy, request.user)),),
    )


@_payment_step(may_recall, ReasonForm)
def payment_recall(request: SignedRequest, payment: Payment, form: forms.Form) -> HttpResponse:
    """Take the order back."""
    return asked(
        request,
        payment.grant,
        form,
        lambda said: workflow.recall_payment(payment.pk, actor=request.user, note=said["note"]),
        said="已退回制单，重新列为待拨",
        title="退回制单",
        question=f"退回{_of(payment)}的制单吗？",
    )


@_payment_step(may_check, WordsForm)
def payment_check(request: SignedRequest, payment: Payment, form: forms.Form) -> HttpResponse:
    """Check the order and pay."""
    return asked(
        request,
        payment.grant,
        form,
        lambda said: workflow.check_payment(payment.pk, actor=request.user),
        said="已复核拨付并记账",
        title="复核拨付",
        question=f"拨付{_of(payment)}吗？",
        consequences=(
            _goes_to(payment.payee_account),
            "立即记账，专账余额随之增加；",
            "记账后只能以退票或红字冲销更正。",
        ),
    )


@_payment_step(may_receipt, ReceiptForm)
def payment_receipt(request: SignedRequest, payment: Payment, form: forms.Form) -> HttpResponse:
    """Enter the bank's receipt."""
    return asked(
        request,
        payment.grant,
        form,
        lambda said: receipt_payment(payment.pk, said["receipt"], actor=request.user),
        said="回单已登记",
        title="登记回单",
        question=f"{_of(payment)}的银行回单",
    )


@_payment_step(may_take_back_payment_receipt, ReasonForm)
def payment_receipt_back(
    request: SignedRequest, payment: Payment, form: forms.Form
) -> HttpResponse:
    """Take back a receipt that was typed wrong."""
    return asked(
        request,
        payment.grant,
        form,
        lambda said: take_back_payment_receipt(payment.pk, actor=request.user, note=said["note"]),
        said="回单已撤回，可以重新登记",
        title="撤回回单",
        question=f"撤回{_of(payment)}的回单{payment.receipt}吗？",
    )


@_payment_step(may_bounce, ReasonForm)
def payment_bounce(request: SignedRequest, payment: Payment, form: forms.Form) -> HttpResponse:
    """The bank sent the money back."""
    return asked(
        request,
        payment.grant,
        form,
        lambda said: workflow.bounce_payment(payment.pk, actor=request.user, note=said["note"]),
        said="已登记退票：红字冲销，并重新列入待拨",
        title="登记退票",
        question=f"{_of(payment)}被银行退回吗？",
        consequences=("记红字凭证，专账余额随之减少；", "同一金额重新列为待拨。"),
        tone="bad",
    )
