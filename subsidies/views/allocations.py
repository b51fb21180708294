"""Parting a fund's year: trials side by side, one drawn up, signed or given up."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from pages.forms import WordsForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from subsidies.forms.allocations import AllocationForm
from subsidies.models import Allocation
from subsidies.models.funds import Line
from subsidies.permissions.allocations import (
    may_allocate,
    may_drop_allocation,
    may_sign_allocation,
)
from subsidies.rules.allocating import candidates, parted
from subsidies.rules.eligibility import policy_on
from subsidies.tables.allocations import ALLOCATION_TONES, AllocationTable, ShareTable
from subsidies.views.access import (
    allocation_or_404,
    for_approvers,
    for_oversight,
    for_planners,
    for_staff_and_finance,
    fund_or_404,
)
from subsidies.views.budgets import fund_trail
from subsidies.workflow.allocations import draw_up_allocation, drop_allocation, sign_allocation
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from subsidies.models import Fund


@for_oversight
@list_page()
def allocation_list(request: SignedRequest) -> AllocationTable:
    """All allocations within reach."""
    return AllocationTable(request)


@for_oversight
@list_page("subsidies/allocation.html")
def allocation_page(request: SignedRequest, pk: int) -> ShareTable:
    """One allocation: academy by academy, beside last year's sum."""
    found, user = allocation_or_404(request, pk), request.user
    table = ShareTable(request, allocation=found)
    table.context = lambda: {  # type: ignore[method-assign]
        "allocation": found,
        "tone": ALLOCATION_TONES[found.state],
        "may_sign": may_sign_allocation.offer(user, found),
        "may_drop": may_drop_allocation.allows(user, found),
        "records": history_of(subject_of(found), user),
    }
    return table


@for_form
@for_planners
def allocation_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Try every method on a sum (``?amount=``), side by side; draw one up."""
    fund = fund_or_404(request, pk)
    may_allocate.check(request.user, fund)
    amount = _asked(request, fund)
    form = AllocationForm(
        posted(request), initial={"amount": amount, "method": Allocation.Method.PERFORMANCE}
    )

    def draw_up() -> HttpResponse:
        said = form.cleaned_data
        made = draw_up_allocation(pk, said["method"], said["amount"], actor=request.user)
        return done(request, "分配方案已编制，待另一位审批人批准", "subsidies:allocation", made.pk)

    page = FormPage(
        title="试算分配",
        kicker=fund.organization.name,
        lead=f"{fund}：三种办法同时试算，与上年对照；选定一种报批，批准后各学院批复不能超过分配金额。",
        button="按所选办法报批",
        trail=fund_trail(fund),
        cancel_href=reverse("subsidies:fund", args=[pk]),
        template="subsidies/allocate.html",
        context={"rows": _trials(fund, amount), "amount": amount, "methods": Allocation.Method},
    )
    return form_page(request, form, page, draw_up)


SIGN = Deed(
    "批准分配方案",
    "批准“{row}”，总额{row.amount:,.2f}元吗？",
    sign_allocation,
    ("各学院收到可申报金额的通知；", "批复不能超过分配金额，由数据库把关。"),
    form=WordsForm,
    said="分配方案已批准，各学院已收到通知",
)
DROP = Deed(
    "作废分配方案",
    "作废“{row}”吗？",
    drop_allocation,
    ("作废后可以重新试算；", "已批复的补助不受影响。"),
    said="分配方案已作废",
    tone="bad",
)


@for_form
@for_approvers
def allocation_sign(request: SignedRequest, pk: int) -> HttpResponse:
    """Put in force what another drew up."""
    found = allocation_or_404(request, pk)
    may_sign_allocation.check(request.user, found)
    return decided(request, SIGN, found, _trail(found))


@for_form
@for_staff_and_finance
def allocation_drop(request: SignedRequest, pk: int) -> HttpResponse:
    """Give an allocation up."""
    found = allocation_or_404(request, pk)
    may_drop_allocation.check(request.user, found)
    return decided(request, DROP, found, _trail(found))


def _asked(request: SignedRequest, fund: Fund) -> Decimal:
    """The sum to try: what is typed, else what the budget plans for academies."""
    try:
        typed = Decimal(request.POST.get("amount") or request.GET.get("amount") or "")
    except InvalidOperation:
        typed = Decimal(0)
    if typed.is_finite() and 0 < typed < 10**14:
        return typed
    return fund.lines.get(line=Line.ACADEMY).amount


def _trials(fund: Fund, amount: Decimal) -> list[dict[str, Any]]:
    """Academy by academy what each method comes to; computed from the rows of today, kept nowhere."""
    today = timezone.localdate()
    found, policy = candidates(fund, today), policy_on(today)
    trials = [parted(found, method, amount, policy) for method in Allocation.Method]
    return [
        {
            "academy": each.academy,
            "bar": each.bar,
            "is_in": each.is_in,
            "last_year": each.last_year,
            "parts": [
                (method.label, trial[place])
                for method, trial in zip(Allocation.Method, trials, strict=True)
            ],
        }
        for place, each in enumerate(found)
    ]


def _trail(allocation: Allocation) -> tuple[tuple[str, str], ...]:
    own = reverse("subsidies:allocation", args=[allocation.pk])
    return (*fund_trail(allocation.fund), (str(allocation), own))
