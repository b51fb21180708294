"""Drawing up a budget, handing it in, signing it or giving it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from organizations.scoping import bodies_where
from pages.forms import ReasonForm, WordsForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, Question, done, for_form, form_page
from subsidies.forms import BudgetForm
from subsidies.permissions import PLANNERS, may_plan_for, may_sign
from subsidies.permissions.closing import may_close
from subsidies.services.budgets import draw_up_budget
from subsidies.views.access import for_approvers, for_planners, fund_or_404
from subsidies.workflow import return_budget, sign_budget, submit_budget
from subsidies.workflow.closing import close_fund

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from subsidies.models import Fund


def fund_trail(fund: Fund | None = None) -> tuple[tuple[str, str], ...]:
    """Where pages about funds, or about one and what is drawn up of it, lie."""
    listed = ("专项资金", reverse("subsidies:funds"))
    return (listed, (str(fund), reverse("subsidies:fund", args=[fund.pk]))) if fund else (listed,)


@for_form
@for_planners
def budget_new(request: SignedRequest) -> HttpResponse:
    """Plan a year's fund line by line; the same again changes what was planned."""
    bodies = bodies_where(request.user, PLANNERS)
    if not bodies:
        raise PermissionDenied
    form = BudgetForm(posted(request), bodies=bodies)

    def draw_up() -> HttpResponse:
        facts = form.cleaned_data
        fund = draw_up_budget(
            facts["organization"], facts["year"], facts["source"], form.sums(), actor=request.user
        )
        return done(request, "预算已保存，核对无误后提交批准", "subsidies:fund", fund.pk)

    page = FormPage(
        title="编制预算",
        cancel_href=reverse("subsidies:funds"),
        trail=fund_trail(),
        lead="按出资单位、年度、资金来源分科目编列；提交并经另一人批准后，批复和拨付都不能超过。",
    )
    return form_page(request, form, page, draw_up)


@for_form
@for_planners
def budget_submit(request: SignedRequest, pk: int) -> HttpResponse:
    """Hand the budget in for signing."""
    fund = fund_or_404(request, pk)
    may_plan_for.check(request.user, fund.organization)
    form = WordsForm(posted(request))

    def submit() -> HttpResponse:
        submit_budget(fund.pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "预算已提交，待审批人批准", "subsidies:fund", fund.pk)

    page = Question(
        title="提交预算",
        question=f"把{fund}的预算提交批准吗？",
        consequences=("提交后不能再改，除非退回；", "批准人须是编制人以外的审批人。"),
        trail=fund_trail(fund),
        cancel_href=reverse("subsidies:fund", args=[pk]),
    )
    return form_page(request, form, page, submit)


@for_form
@for_approvers
def budget_sign(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a budget in force that somebody else drew up."""
    fund = fund_or_404(request, pk)
    may_sign.check(request.user, fund)
    form = WordsForm(posted(request))

    def sign() -> HttpResponse:
        sign_budget(fund.pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "预算已批准，自此批复和拨付不得超过", "subsidies:fund", fund.pk)

    page = Question(
        title="批准预算",
        question=f"批准{fund}的预算吗？",
        rows=list(fund.lines.all()),
        consequences=("各科目金额记入台账；", "批准后不能撤回，要增减的另行编制预算调整。"),
        trail=fund_trail(fund),
        cancel_href=reverse("subsidies:fund", args=[pk]),
    )
    return form_page(request, form, page, sign)


@for_form
@for_approvers
def budget_return(request: SignedRequest, pk: int) -> HttpResponse:
    """Give a budget back to be drawn up anew."""
    fund = fund_or_404(request, pk)
    may_sign.check(request.user, fund)
    form = ReasonForm(posted(request))

    def give_back() -> HttpResponse:
        return_budget(fund.pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "预算已退回", "subsidies:fund", fund.pk)

    page = Question(
        title="退回预算",
        question=f"把{fund}的预算退回重编吗？",
        trail=fund_trail(fund),
        cancel_href=reverse("subsidies:fund", args=[pk]),
    )
    return form_page(request, form, page, give_back)


CLOSE = Deed(
    "结账",
    "为{row}结账吗？",
    close_fund,
    (
        "自此不再受理这项资金的申报、批复、分配、补录和列支，未使用的预算余额不再安排；",
        "账目、凭证、决算仍可查阅，审计认定的问题仍可冲销、退回；",
        "结账后不能撤回。",
    ),
    form=WordsForm,
    said="{row}已结账",
)


@for_form
@for_approvers
def fund_close(request: SignedRequest, pk: int) -> HttpResponse:
    """Close the books of a year that is over and in which nothing runs any more."""
    fund = fund_or_404(request, pk)
    may_close.check(request.user, fund)
    return decided(request, CLOSE, fund, fund_trail(fund), kicker=fund.organization.name)
