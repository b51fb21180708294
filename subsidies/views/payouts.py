"""Lists for the bank: drawn up, signed, fetched as a file, answered line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from organizations.scoping import bodies_where
from pages.forms import ReasonForm, WordsForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page
from subsidies.forms import ReceiptForm
from subsidies.forms.claims import PayoutForm
from subsidies.permissions import FINANCE
from subsidies.permissions.claims import (
    may_cancel_payout,
    may_enter_receipt,
    may_fetch,
    may_return_transfer,
    may_sign_payout,
    may_take_back_receipt,
)
from subsidies.selectors.claims import transfers_in_scope
from subsidies.selectors.listing import left_out_of
from subsidies.selectors.money import funds_in_scope
from subsidies.tables.claims import PAYOUT_TONES, PayoutTable, TransferTable
from subsidies.views.access import for_finance, for_oversight, payout_or_404
from subsidies.workflow.payouts import (
    cancel_payout,
    draw_up_payout,
    fetch_file,
    receipt_transfer,
    return_transfer,
    sign_payout,
    take_back_receipt,
)
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from pages.permissions import SignedRequest
    from subsidies.models import Payout, Transfer


@for_oversight
@list_page()
def payout_list(request: SignedRequest) -> PayoutTable:
    """All lists within reach."""
    return PayoutTable(request)


@for_oversight
@list_page("subsidies/payout.html")
def payout_page(request: SignedRequest, pk: int) -> TransferTable:
    """One list with its transfers, what they come to, and what can be done."""
    found, user = payout_or_404(request, pk), request.user
    table = TransferTable(request, payout=found)
    table.context = lambda: {  # type: ignore[method-assign]
        "payout": found,
        "tone": PAYOUT_TONES[found.state],
        "left_out": left_out_of(found, user),
        "may_sign": may_sign_payout.offer(user, found),
        "may_cancel": may_cancel_payout.allows(user, found),
        "may_fetch": may_fetch.allows(user, found),
        "records": history_of(subject_of(found), user),
    }
    return table


@for_form
@for_finance
def payout_new(request: SignedRequest) -> HttpResponse:
    """Put everything approved on a line of a fund on one list."""
    bodies = bodies_where(request.user, FINANCE)
    if not bodies:
        raise PermissionDenied
    funds = funds_in_scope(request.user).filter(organization__in=bodies)
    form = PayoutForm(posted(request), funds=funds)

    def draw_up() -> HttpResponse:
        fund, line = form.chosen()
        payout = draw_up_payout(fund.pk, line, actor=request.user)
        left = len(left_out_of(payout, request.user))
        also = f"；另有{left}笔没有列入，原因见下" if left else ""
        words = f"付款清单已编制，待另一位财务人员复核{also}"
        return done(request, words, "subsidies:payout", payout.pk)

    page = FormPage(
        title="编制付款清单",
        lead="列入该科目已批准、待付款的个人申领或待拨的补助；称号在复核或者已撤销、暂停拨付、已决算、账户未确认以及您办理过其他环节的留待以后，并写明原因。复核后记账并生成银行文件。",
        button="编制",
        trail=_trail(),
        cancel_href=reverse("subsidies:payouts"),
    )
    return form_page(request, form, page, draw_up)


@for_form
@for_finance
def payout_sign(request: SignedRequest, pk: int) -> HttpResponse:
    """Sign what another drew up, and so pay it."""
    found = payout_or_404(request, pk)
    may_sign_payout.check(request.user, found)
    count, total = vars(found)["count"], vars(found)["total"]

    def sign() -> HttpResponse:
        sign_payout(pk, actor=request.user)
        return done(request, "已复核并记账，可取银行文件", "subsidies:payout", pk)

    page = Question(
        title="复核付款清单",
        question=f"复核{found}，付{count}笔共{total:,.2f}元吗？",
        consequences=("立即记账，预占转为已付；", "银行文件按摘要值固定，此后不能更改；", "退票逐笔登记，红字冲销。"),
        trail=_trail(found),
        cancel_href=reverse("subsidies:payout", args=[pk]),
    )  # fmt: skip
    return form_page(request, WordsForm(posted(request)), page, sign)


CANCEL = Deed(
    "作废付款清单",
    "作废{row}吗？",
    cancel_payout,
    said="清单已作废，所列各笔恢复待付款",
    tone="bad",
)


@for_form
@for_finance
def payout_cancel(request: SignedRequest, pk: int) -> HttpResponse:
    """Give a list up before it is signed."""
    found = payout_or_404(request, pk)
    may_cancel_payout.check(request.user, found)
    return decided(request, CANCEL, found, _trail(found))


@require_POST
@never_cache
@for_finance
def payout_file(request: SignedRequest, pk: int) -> HttpResponse:
    """The file for the bank, as it was signed."""
    found = payout_or_404(request, pk)
    may_fetch.check(request.user, found)
    answer = HttpResponse(fetch_file(pk, actor=request.user), content_type="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.number}.csv"'
    return answer


@for_form
@for_finance
def transfer_receipt(request: SignedRequest, pk: int) -> HttpResponse:
    """Enter the bank's receipt of one transfer."""
    found = _transfer_or_404(request, pk)
    may_enter_receipt.check(request.user, found)
    form = ReceiptForm(posted(request))

    def enter() -> HttpResponse:
        receipt_transfer(pk, form.cleaned_data["receipt"], actor=request.user)
        return done(request, "回单已登记", "subsidies:payout", found.payout_id)

    page = _of(found, "登记回单", f"{found}的银行回单")
    return form_page(request, form, page, enter)


@for_form
@for_finance
def transfer_receipt_back(request: SignedRequest, pk: int) -> HttpResponse:
    """Take back a receipt that was entered at the wrong transfer."""
    found = _transfer_or_404(request, pk)
    may_take_back_receipt.check(request.user, found)
    form = ReasonForm(posted(request))

    def take_back() -> HttpResponse:
        take_back_receipt(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "回单已撤回，可以重新登记", "subsidies:payout", found.payout_id)

    page = _of(found, "撤回回单", f"撤回{found}的回单{found.receipt}吗？")
    return form_page(request, form, page, take_back)


@for_form
@for_finance
def transfer_return(request: SignedRequest, pk: int) -> HttpResponse:
    """The bank sent one transfer back."""
    found = _transfer_or_404(request, pk)
    may_return_transfer.check(request.user, found)
    form = ReasonForm(posted(request))

    def enter() -> HttpResponse:
        return_transfer(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "已登记退票：红字冲销，核对账号后重新列入清单", "subsidies:payout", found.payout_id)  # fmt: skip

    page = _of(found, "登记退票", f"{found}被银行退回吗？", tone="bad")
    return form_page(request, form, page, enter)


def _of(transfer: Transfer, title: str, question: str, tone: str = "warn") -> Question:
    own = reverse("subsidies:payout", args=[transfer.payout_id])
    return Question(
        title=title, question=question, tone=tone, trail=_trail(transfer.payout), cancel_href=own
    )


def _trail(payout: Payout | None = None) -> tuple[tuple[str, str], ...]:
    listed = (("付款清单", reverse("subsidies:payouts")),)
    if payout is None:
        return listed
    return (*listed, (payout.number, reverse("subsidies:payout", args=[payout.pk])))


def _transfer_or_404(request: SignedRequest, pk: int) -> Transfer:
    return get_object_or_404(transfers_in_scope(request.user), pk=pk)
