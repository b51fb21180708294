"""A fund with its accounts on a day, a grant, an expense beside its voucher; an expense taken back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.db.models import Sum
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from academies.selectors.academies import classes_of
from pages.forms import posted
from pages.services import ONCE
from pages.views.forms import FormPage, Question, done, for_form, form_page
from subsidies.forms import ExpenseForm, WithdrawalForm
from subsidies.permissions import (
    SUBMIT,
    may_apply_for,
    may_approve,
    may_approve_item,
    may_bounce,
    may_check,
    may_endorse,
    may_order,
    may_prove_expense,
    may_recall,
    may_receipt,
    may_return,
    may_sign,
    may_spend_of,
    may_take_back_approval,
    may_take_back_payment_receipt,
    may_withdraw,
)
from subsidies.permissions.allocations import may_allocate
from subsidies.permissions.changes import may_change_budget
from subsidies.permissions.closing import may_close
from subsidies.permissions.settlements import may_settle
from subsidies.rules.eligibility import standing
from subsidies.rules.norms import warnings
from subsidies.selectors.allocations import allocations_in_scope
from subsidies.selectors.changes import changes_in_scope
from subsidies.selectors.money import (
    accounts_in_scope,
    balances_at,
    entries_in_scope,
    evidence_in_scope,
    expenses_in_scope,
    is_found,
    payments_in_scope,
    projects_in_scope,
    whole_of,
)
from subsidies.services.expenses import enter_expense, withdraw_expense
from subsidies.views.access import (
    expense_or_404,
    for_keepers,
    for_oversight,
    for_readers,
    fund_or_404,
    grant_or_404,
)
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.selectors import history_of, history_with

if TYPE_CHECKING:
    from decimal import Decimal

    from django.http import HttpResponse

    from academies.models import Academy
    from pages.permissions import SignedRequest
    from subsidies.models import Grant

SHOWN = 10


def _moment(request: SignedRequest) -> tuple[str, datetime | None]:
    """The end of the day asked for, and how it was typed; None: now."""
    typed = request.GET.get("on", "")[:10]
    try:
        day = forms.DateField().clean(typed)
        moment = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    except (forms.ValidationError, OverflowError, ValueError):
        return "", None
    return typed, moment


@require_safe
@for_oversight
def fund(request: SignedRequest, pk: int) -> HttpResponse:
    """One fund: what stands on each of its accounts, today or at the end of any day."""
    found = fund_or_404(request, pk)
    typed, moment = _moment(request)
    accounts = accounts_in_scope(request.user).filter(fund=found).order_by("academy__code", "line")
    balances = balances_at(accounts, request.user, moment)
    context = {
        "fund": found,
        "on": typed,
        "rows": _by_academy(balances),
        "own": [b for b in balances if b.account.academy_id is None],
        "lines": found.lines.all(),
        "may_submit": not SUBMIT.why_not(request.user, found, found.organization),
        "may_sign": may_sign.offer(request.user, found),
        "may_close": may_close.offer(request.user, found),
        "may_change": may_change_budget.allows(request.user, found),
        "changes": changes_in_scope(request.user).filter(fund=found).order_by("-pk")[:SHOWN],
        "is_over": found.year < timezone.localdate().year,
        "may_allocate": may_allocate.allows(request.user, found),
        "allocation": allocations_in_scope(request.user)
        .filter(fund=found)
        .exclude(state="dropped")
        .first(),
        "records": history_of(subject_of(found), request.user),
        "entries_href": f"{reverse('subsidies:entries')}?year={found.year}&source={found.source}",
    }
    return render(request, "subsidies/fund.html", context)


def _by_academy(balances: list[Any]) -> list[dict[str, Any]]:
    """One line for each academy, with the balance of each kind of account."""
    rows: dict[int, dict[str, Any]] = {}
    for balance in balances:
        if (academy := balance.account.academy) is not None:
            row = rows.setdefault(academy.pk, {"academy": academy})
            row[balance.account.kind] = row.get(balance.account.kind, 0) + balance.amount
    return list(rows.values())


def _standing(academy: Academy) -> dict[str, Any]:
    """What the policy says of ``academy`` today, or why it says nothing."""
    try:
        return {"findings": standing(academy, timezone.localdate())}
    except DomainError as error:
        return {"not_judged": str(error)}


@require_safe
@for_readers
def grant(request: SignedRequest, pk: int) -> HttpResponse:
    """One grant: how it stands to the policy, its payments, what was spent of it, its entries."""
    found = grant_or_404(request, pk)
    of_it = {"academy": found.academy_id, "fund": found.fund_id}
    expenses = expenses_in_scope(request.user).filter(**of_it).order_by("-spent_on", "-pk")
    entries = entries_in_scope(request.user).filter(academy=found.academy, giver__fund=found.fund)
    payments = _steps(request, payments_in_scope(request.user).filter(grant=found))
    parts = {subject_of(row["payment"]): f"第{row['payment'].position}期" for row in payments}
    context = {
        "grant": found,
        **_standing(found.academy),
        "projects": [
            (row, may_approve_item.allows(request.user, row))
            for row in projects_in_scope(request.user).filter(grant=found).order_by("pk")
        ],
        "warnings": warnings(found, _asked_together(request, found)),
        "whole": whole_of(found, request.user),
        "payments": payments,
        "may_edit": found.state == found.State.DRAFT
        and may_apply_for.allows(request.user, found.academy),
        "may_endorse": may_endorse.offer(request.user, found),
        "may_return": may_return.allows(request.user, found),
        "may_approve": may_approve.offer(request.user, found),
        "may_take_back": may_take_back_approval.offer(request.user, found),
        "expenses": expenses[:SHOWN],
        "expense_count": expenses.count(),
        "entries": entries.order_by("-pk")[:SHOWN],
        "records": history_with(subject_of(found), parts, request.user),
        "may_settle": may_settle.allows(request.user, found),
        "settlement": getattr(found, "settlement", None),
        "may_spend": may_spend_of.offer(request.user, found),
        "import_href": reverse(
            "intake:upload", args=["expenses", f"{found.academy.code}/{found.fund.year}"]
        ),
        "listed": f"?q={found.academy.code}&year={found.fund.year}&source={found.fund.source}",
    }
    return render(request, "subsidies/grant.html", context)


def _asked_together(request: SignedRequest, grant: Grant) -> dict[str, Decimal]:
    """What is asked for by use, of all the sources of one application."""
    rows = projects_in_scope(request.user).filter(grant__in=whole_of(grant, request.user))
    return dict(rows.order_by().values_list("use").annotate(Sum("amount")))


def _steps(request: SignedRequest, payments: Any) -> list[dict[str, Any]]:
    """Each payment with what this account may do about it."""
    asked = {
        "order": may_order, "recall": may_recall, "check": may_check, "receipt": may_receipt,
        "receipt_back": may_take_back_payment_receipt, "bounce": may_bounce,
    }  # fmt: skip
    return [
        {"payment": row, **{name: may.offer(request.user, row) for name, may in asked.items()}}
        for row in payments.order_by("position")
    ]


@for_form
@for_keepers
def expense_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Enter one expense of a grant."""
    found = grant_or_404(request, pk)
    may_spend_of.check(request.user, found)
    classes = classes_of(found.academy, found.fund.year, request.user)
    form = ExpenseForm(posted(request), grant=found, classes=classes)
    held: Decimal = vars(found)["held"]  # as the selector asked for it

    def enter() -> HttpResponse:
        key = f"form:{request.POST.get(ONCE) or uuid4()}"
        row = enter_expense(found, form.facts(), actor=request.user, key=key)
        return done(request, "支出已登记并记账", "subsidies:expense", row.pk)

    page = FormPage(
        title="登记支出",
        kicker=found.academy.name,
        lead=f"{found.fund}专账余额{held:,.2f}元",
        trail=(
            ("学院补助", reverse("subsidies:grants")),
            (found.number, reverse("subsidies:grant", args=[pk])),
        ),
        cancel_href=reverse("subsidies:grant", args=[pk]),
        keeps_draft=True,
    )
    return form_page(request, form, page, enter)


@require_safe
@for_readers
def expense(request: SignedRequest, pk: int) -> HttpResponse:
    """One expense: what was bought, from whom, by which voucher, and how it was booked."""
    found = expense_or_404(request, pk)
    entries = entries_in_scope(request.user).filter(pk__in=[found.entry_id, found.red_id or 0])
    grants = found.fund.grants.filter(academy=found.academy)
    context = {
        "expense": found,
        "grant": grants.first(),
        "entries": entries.order_by("pk"),
        "records": history_of(subject_of(found), request.user),
        "evidence": evidence_in_scope(request.user).filter(expense=found),
        "may_prove": may_prove_expense.allows(request.user, found),
        "may_withdraw": may_withdraw.offer(request.user, found),
    }
    return render(request, "subsidies/expense.html", context)


@for_form
@for_keepers
def expense_withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take an expense back by a red entry, for a reason of a kind."""
    found = expense_or_404(request, pk)
    may_withdraw.check(request.user, found)
    form = WithdrawalForm(posted(request), is_found=is_found(found, request.user))

    def take_back() -> HttpResponse:
        words = form.cleaned_data
        withdraw_expense(found.pk, words["reason"], actor=request.user, note=words["note"])
        return done(request, "已红字冲销，专账余额已恢复", "subsidies:expense", found.pk)

    page = Question(
        title="红字冲销",
        question=f"冲销“{found}”吗？",
        consequences=("记一张金额相同、方向相反的红字凭证；", "发票号码可以重新登记；", "原凭证和红字凭证都长期留存。"),
        tone="bad",
        trail=(
            ("支出明细", reverse("subsidies:expenses")),
            (found.voucher, reverse("subsidies:expense", args=[pk])),
        ),
        cancel_href=reverse("subsidies:expense", args=[pk]),
    )  # fmt: skip
    return form_page(request, form, page, take_back)
