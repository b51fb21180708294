"""Changes of a signed budget: the list, one of them, drawing one up, signing it, giving it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pages.forms import WordsForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from subsidies.forms.changes import BudgetChangeForm
from subsidies.permissions.changes import may_change_budget, may_drop_change, may_sign_change
from subsidies.selectors.changes import changes_in_scope
from subsidies.tables.changes import CHANGE_TONES, BudgetChangeTable
from subsidies.views.access import (
    for_approvers,
    for_oversight,
    for_planners,
    for_staff_and_finance,
    fund_or_404,
)
from subsidies.views.budgets import fund_trail
from subsidies.workflow.changes import draw_up_change, drop_change, sign_change
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from subsidies.models import BudgetChange


@for_oversight
@list_page()
def change_list(request: SignedRequest) -> BudgetChangeTable:
    """All changes within reach."""
    return BudgetChangeTable(request)


@require_safe
@for_oversight
def change_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One change: which line, by how much, why, by whom."""
    found, user = _change_or_404(request, pk), request.user
    context = {
        "change": found,
        "tone": CHANGE_TONES[found.state],
        "may_sign": may_sign_change.offer(user, found),
        "may_drop": may_drop_change.allows(user, found),
        "records": history_of(subject_of(found), user),
    }
    return render(request, "subsidies/budget_change.html", context)


@for_form
@for_planners
def change_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Draw a change up."""
    fund = fund_or_404(request, pk)
    may_change_budget.check(request.user, fund)
    form = BudgetChangeForm(posted(request))

    def draw_up() -> HttpResponse:
        said = form.cleaned_data
        made = draw_up_change(pk, said["line"], said["amount"], said["reason"], actor=request.user)
        return done(request, "预算调整已编制，待审批人批准", "subsidies:budget-change", made.pk)

    page = FormPage(
        title="调整预算",
        kicker=fund.organization.name,
        lead="；".join(f"{row.get_line_display()}{row.amount:,.2f}元" for row in fund.lines.all()),
        button="提交批准",
        trail=fund_trail(fund),
        cancel_href=reverse("subsidies:fund", args=[pk]),
    )
    return form_page(request, form, page, draw_up)


SIGN = Deed(
    "批准预算调整",
    "批准“{row}”吗？",
    sign_change,
    ("立即记入台账，预算科目改为调整后的金额；", "批准后不能撤回，要改的另行调整。"),
    form=WordsForm,
    said="预算调整已批准",
)
DROP = Deed(
    "作废预算调整",
    "作废“{row}”吗？",
    drop_change,
    said="预算调整已作废",
    tone="bad",
)


@for_form
@for_approvers
def change_sign(request: SignedRequest, pk: int) -> HttpResponse:
    """Put in force what another drew up."""
    found = _change_or_404(request, pk)
    may_sign_change.check(request.user, found)
    return decided(request, SIGN, found, _trail(found))


@for_form
@for_staff_and_finance
def change_drop(request: SignedRequest, pk: int) -> HttpResponse:
    """Give a change up."""
    found = _change_or_404(request, pk)
    may_drop_change.check(request.user, found)
    return decided(request, DROP, found, _trail(found))


def _change_or_404(request: SignedRequest, pk: int) -> BudgetChange:
    return get_object_or_404(changes_in_scope(request.user), pk=pk)


def _trail(change: BudgetChange) -> tuple[tuple[str, str], ...]:
    own = reverse("subsidies:budget-change", args=[change.pk])
    return (*fund_trail(change.fund), ("预算调整", own))
