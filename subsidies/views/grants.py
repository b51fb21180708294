"""A grant on its way: asked for, given an opinion, approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from academies.selectors.academies import brands_of
from academies.views.access import academy_or_404, year_or_404
from pages.forms import ReasonForm, WordsForm, posted
from pages.views.forms import FormPage, Question, done, for_form, form_page
from subsidies import workflow
from subsidies.forms import (
    ApplicationCorrectionForm,
    ApplicationForm,
    ApprovalForm,
    ItemForm,
    OpinionForm,
)
from subsidies.models import Fund
from subsidies.permissions import (
    may_apply_for,
    may_approve,
    may_approve_item,
    may_endorse,
    may_return,
    may_take_back_approval,
)
from subsidies.selectors.allocations import offered
from subsidies.selectors.money import projects_in_scope, whole_of
from subsidies.services.applications import correct_application, draft_grant
from subsidies.services.items import approve_item
from subsidies.views.access import (
    for_applicants,
    for_approvers,
    for_staff,
    grant_or_404,
)
from subsidies.workflow.approvals import take_back_approval

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from subsidies.models import Grant
    from workflow.permissions import Permission


def grant_trail(grant: Grant) -> tuple[tuple[str, str], ...]:
    return (
        ("学院补助", reverse("subsidies:grants")),
        (grant.number, reverse("subsidies:grant", args=[grant.pk])),
    )


def _asked(
    request: SignedRequest,
    grant: Grant,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    said: str,
    **words: Any,
) -> HttpResponse:
    """Ask before a step of a grant, take it with what was typed, say that it is done."""

    def take() -> HttpResponse:
        act(form.cleaned_data)
        return done(request, said, "subsidies:grant", grant.pk)

    page = Question(
        trail=grant_trail(grant), cancel_href=reverse("subsidies:grant", args=[grant.pk]), **words
    )
    return form_page(request, form, page, take)


@for_form
@for_applicants
def grant_new(request: SignedRequest, code: str, year: int) -> HttpResponse:
    """Begin an application for an academy's year."""
    academy = academy_or_404(request, code)
    may_apply_for.check(request.user, academy)
    brands = [brand.name for brand in brands_of(academy, year_or_404(year), request.user)]
    form = ApplicationForm(posted(request), brands=brands)
    share = offered(academy, year, Fund.Source.MUNICIPAL, request.user)

    def draft() -> HttpResponse:
        grant = draft_grant(
            academy, year, Fund.Source.MUNICIPAL, form.application(), actor=request.user
        )
        return done(request, "申报已保存，核对后提交", "subsidies:grant", grant.pk)

    page = FormPage(
        title=f"申报{year}年补助",
        kicker=academy.name,
        lead=f"本年度分配给该学院{share.amount:,.2f}元，批复不能超过此数。" if share else "",
        cancel_href=reverse("subsidies:grants"),
        trail=(("学院补助", reverse("subsidies:grants")),),
        keeps_draft=True,
    )
    return form_page(request, form, page, draft)


@for_form
@for_applicants
def grant_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Change an application that has not been handed in."""
    named = grant_or_404(request, pk)
    grant = grant_or_404(request, named.lead_id or pk)
    may_apply_for.check(request.user, grant.academy)
    brands = [b.name for b in brands_of(grant.academy, grant.fund.year, request.user)]
    form = ApplicationCorrectionForm(
        posted(request), grant=grant, brands=brands, initial={"version": grant.version}
    )

    def put_right() -> HttpResponse:
        version = form.cleaned_data["version"]
        correct_application(grant.pk, form.application(), version=version, actor=request.user)
        return done(request, "申报已保存", "subsidies:grant", grant.pk)

    page = FormPage(
        title="修改申报",
        kicker=grant.academy.name,
        cancel_href=reverse("subsidies:grant", args=[pk]),
        trail=grant_trail(grant),
        corrects=True,
        keeps_draft=True,
    )
    return form_page(request, form, page, put_right)


def _step(
    door: Callable[..., Any], may: Permission[Any], form: type[forms.Form]
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page of one step of a grant: who is let in, who may, and what is asked."""

    def decorate(ask: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def view(request: SignedRequest, pk: int) -> HttpResponse:
            grant = grant_or_404(request, pk)
            may.check(request.user, grant)
            return ask(request, grant, form(posted(request)))

        view.__doc__ = ask.__doc__
        return for_form(door(view))

    return decorate


@for_form
@for_applicants
def grant_submit(request: SignedRequest, pk: int) -> HttpResponse:
    """Hand the application in."""
    grant = grant_or_404(request, pk)
    may_apply_for.check(request.user, grant.academy)
    form = WordsForm(posted(request))
    return _asked(
        request,
        grant,
        form,
        lambda said: workflow.submit_grant(grant.pk, actor=request.user, note=said["note"]),
        said="申报已提交，待主管工会审核",
        title="提交申报",
        question=f"提交“{grant.academy.name}”{grant.fund}的申报吗？",
        rows=[
            f"{row.grant.fund.get_source_display()}　{row}"
            for row in projects_in_scope(request.user)
            .filter(grant__in=whole_of(grant, request.user))
            .order_by("grant", "pk")
        ],
        consequences=("提交后不能再改，除非退回；", "审核、批复、拨付由不同的人办理。"),
    )


@_step(for_staff, may_endorse, OpinionForm)
def grant_endorse(request: SignedRequest, grant: Grant, form: forms.Form) -> HttpResponse:
    """Give the union's opinion and pass it on."""
    return _asked(
        request,
        grant,
        form,
        lambda said: workflow.endorse_grant(grant.pk, said["opinion"], actor=request.user),
        said="已审核，待市总工会批复",
        title="审核申报",
        button="审核通过",
        question=f"“{grant.academy.name}”申请{_asked_for(request, grant)}，审核通过吗？",
    )


def _asked_for(request: SignedRequest, grant: Grant) -> str:
    """The sum, or that of each source where there are more than one."""
    rows = whole_of(grant, request.user)
    said = [f"{row.fund.get_source_display()}{row.applied:,.2f}元" for row in rows]
    return "、".join(said) if len(said) > 1 else f"{grant.applied:,.2f}元"


@_step(for_staff, may_return, ReasonForm)
def grant_return(request: SignedRequest, grant: Grant, form: forms.Form) -> HttpResponse:
    """Give the application back to the academy."""
    return _asked(
        request,
        grant,
        form,
        lambda said: workflow.return_grant(grant.pk, actor=request.user, note=said["note"]),
        said="申报已退回学院",
        title="退回申报",
        question=f"把“{grant.academy.name}”的申报退回修改吗？",
    )


@_step(for_approvers, may_approve, ApprovalForm)
def grant_approve(request: SignedRequest, grant: Grant, form: forms.Form) -> HttpResponse:
    """Approve a sum within what is asked and what the budget holds."""
    form.fields["amount"].initial = grant.applied
    return _asked(
        request,
        grant,
        form,
        lambda said: workflow.approve_grant(
            grant.pk, said["amount"], said["decision"], actor=request.user
        ),
        said="已批复，金额已从预算预占，待财务制单",
        title="批复补助",
        button="批复",
        question=f"“{grant.academy.name}”申请{grant.applied:,.2f}元，批复多少？",
        consequences=("金额立即从预算中预占；", "按政策规定的分期生成拨款。"),
    )


@_step(for_approvers, may_take_back_approval, ReasonForm)
def grant_approval_back(request: SignedRequest, grant: Grant, form: forms.Form) -> HttpResponse:
    """Take an approval back, so that it is decided anew."""
    return _asked(
        request,
        grant,
        form,
        lambda said: take_back_approval(grant.pk, actor=request.user, note=said["note"]),
        said="批复已撤回，预占的金额已释放，待重新批复",
        title="撤回批复",
        question=f"撤回对“{grant.academy.name}”{grant.approved:,.2f}元的批复吗？",
        consequences=("预占的金额退回预算；", "待拨的各期取消；", "申报回到待批复，可以重新批复或退回。"),
        tone="bad",
    )  # fmt: skip


@_step(for_approvers, may_approve, ReasonForm)
def grant_refuse(request: SignedRequest, grant: Grant, form: forms.Form) -> HttpResponse:
    """Say no for good."""
    return _asked(
        request,
        grant,
        form,
        lambda said: workflow.refuse_grant(grant.pk, actor=request.user, note=said["note"]),
        said="已作不予批复处理",
        title="不予批复",
        question=f"对“{grant.academy.name}”的申报不予批复吗？",
        tone="bad",
    )


@for_form
@for_approvers
def item_approve(request: SignedRequest, pk: int) -> HttpResponse:
    """Approve one item of a use that the policy leaves open."""
    project = get_object_or_404(projects_in_scope(request.user), pk=pk)
    may_approve_item.check(request.user, project)
    return _asked(
        request,
        project.grant,
        ItemForm(posted(request)),
        lambda said: approve_item(pk, said["decision"], actor=request.user),
        said="已批准，可以在批准的金额之内列支",
        title="批准报批事项",
        button="批准",
        question=f"批准“{project.told}”{project.amount:,.2f}元吗？",
        consequences=("批准以后才能列支，且不超过该金额；", "批准后不能再改。"),
    )
