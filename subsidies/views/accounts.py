"""Academies' bank accounts: filed on hold, called back, and then paid to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from academies.views.access import academy_or_404
from pages.forms import posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from subsidies.forms.allocations import CallForm, PayeeAccountForm
from subsidies.permissions.accounts import may_call_back, may_file_account
from subsidies.tables.allocations import ACCOUNT_TONES, PayeeAccountTable
from subsidies.views.access import (
    for_applicants,
    for_finance,
    for_readers,
    payee_account_or_404,
)
from subsidies.workflow.accounts import confirm_account, file_account, refuse_account
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from subsidies.models import PayeeAccount

LISTED = ("学院收款账户", "subsidies:payee-accounts")


@for_readers
@list_page()
def account_list(request: SignedRequest) -> PayeeAccountTable:
    """All bank accounts of academies within reach."""
    return PayeeAccountTable(request)


@require_safe
@for_readers
def account_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One account: whose, why, who called back."""
    found, user = payee_account_or_404(request, pk), request.user
    context = {
        "account": found,
        "tone": ACCOUNT_TONES[found.state],
        "may_call": may_call_back.offer(user, found),
        "may_file": may_file_account.allows(user, found.academy),
        "records": history_of(subject_of(found), user),
    }
    return render(request, "subsidies/account.html", context)


@for_form
@for_applicants
def account_new(request: SignedRequest, code: str) -> HttpResponse:
    """Say where an academy is paid from now on."""
    academy = academy_or_404(request, code)
    may_file_account.check(request.user, academy)
    form = PayeeAccountForm(posted(request))

    def file() -> HttpResponse:
        said = form.cleaned_data
        made = file_account(academy, said["holder"], form.to(), said["reason"], actor=request.user)
        return done(request, "账户已填报，待财务回访确认", "subsidies:account", made.pk)

    listed = (LISTED[0], reverse(LISTED[1]))
    page = FormPage(
        title="填报收款账户",
        kicker=academy.name,
        lead="填报后暂停向该学院拨付，财务人员按此前留存的电话回访确认后恢复。",
        button="填报",
        trail=(listed,),
        cancel_href=listed[1],
    )
    return form_page(request, form, page, file)


CONFIRM = Deed(
    "回访确认账户",
    "“{row.academy}”确认收款账户为{row.holder}、{row.bank}、{row.account_mask}吗？",
    confirm_account,
    ("此前在用的账户随即停用；", "此后的拨款付到这个账户。"),
    form=CallForm,
    said="账户已确认，恢复拨付",
)
REFUSE = Deed(
    "不予确认账户",
    "不确认“{row.academy}”填报的账户{row.account_mask}吗？",
    refuse_account,
    ("该账户不用于付款，此前在用的账户继续有效；", "情况通知学院管理员。"),
    form=CallForm,
    said="已作不予确认处理",
    tone="bad",
)


@for_form
@for_finance
def account_confirm(request: SignedRequest, pk: int) -> HttpResponse:
    """The academy, called back, says it is its own."""
    found = payee_account_or_404(request, pk)
    may_call_back.check(request.user, found)
    return decided(request, CONFIRM, found, _trail(found))


@for_form
@for_finance
def account_refuse(request: SignedRequest, pk: int) -> HttpResponse:
    """The call brought doubts."""
    found = payee_account_or_404(request, pk)
    may_call_back.check(request.user, found)
    return decided(request, REFUSE, found, _trail(found))


def _trail(account: PayeeAccount) -> tuple[tuple[str, str], ...]:
    own = reverse("subsidies:account", args=[account.pk])
    return ((LISTED[0], reverse(LISTED[1])), (str(account), own))
