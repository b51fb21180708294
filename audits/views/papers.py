"""A working paper: the figures beside the voucher; written by one, reviewed by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audits import workflow
from audits.documents.papers import working_paper_of
from audits.forms import ExaminationForm, ReviewForm
from audits.models.papers import Mark
from audits.permissions import may_examine, may_give_back, may_review
from audits.views.access import for_auditors, paper_or_404
from pages.forms import ReasonForm, posted
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.papers import paper_leaves
from subsidies.selectors.money import entries_in_scope, evidence_in_scope
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from audits.models import Paper
    from pages.permissions import SignedRequest


@require_safe
@for_auditors
def paper(request: SignedRequest, pk: int) -> HttpResponse:
    """One expense in an audit: what the books say, what was compared, what came of it."""
    row = paper_or_404(request, pk)
    expense = row.expense
    entries = entries_in_scope(request.user).filter(pk__in=[expense.entry_id, expense.red_id or 0])
    context = {
        "paper": row,
        "expense": expense,
        "evidence": evidence_in_scope(request.user).filter(expense=expense),
        "entries": entries.order_by("pk"),
        "marks": [(mark.label, mark.value in row.marks) for mark in Mark],
        "may_examine": may_examine.offer(request.user, row),
        "may_review": may_review.offer(request.user, row),
        "may_give_back": may_give_back.allows(request.user, row),
        "records": history_of(subject_of(row), request.user),
    }
    return render(request, "audits/paper.html", context)


@for_form
@for_auditors
def paper_examine(request: SignedRequest, pk: int) -> HttpResponse:
    """Say what agreed and what was seen."""
    row = paper_or_404(request, pk)
    may_examine.check(request.user, row)
    form = ExaminationForm(posted(request), initial={"marks": row.marks, "seen": row.seen})

    def act() -> HttpResponse:
        workflow.examine(pk, actor=request.user, **form.cleaned_data)
        return done(request, "底稿已编制，待另一人复核", "audits:paper", pk)

    back = f"（上次退回：{row.opinion}）" if row.opinion else ""
    lead = f"{row.expense.payee}，{row.expense.amount:,.2f}元，{row.expense.summary}{back}"
    return form_page(request, form, _page(row, "编制底稿", "报送复核", lead), act)


@for_form
@for_auditors
def paper_review(request: SignedRequest, pk: int) -> HttpResponse:
    """Look a paper over: it stands, or is written anew."""
    row = paper_or_404(request, pk)
    may_review.check(request.user, row)
    form = ReviewForm(posted(request))

    def act() -> HttpResponse:
        stands = form.cleaned_data["verdict"] == ReviewForm.STANDS
        deed = workflow.review if stands else workflow.give_back
        deed(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "已复核" if stands else "已退回编制人", "audits:paper", pk)

    lead = f"标记：{'；'.join(row.mark_words) or '无'}。查证情况：{row.seen}"
    return form_page(request, form, _page(row, "复核底稿", "提交复核结论", lead), act)


@for_form
@for_auditors
def paper_reopen(request: SignedRequest, pk: int) -> HttpResponse:
    """Have a paper written anew that was reviewed already."""
    row = paper_or_404(request, pk)
    may_give_back.check(request.user, row)
    form = ReasonForm(posted(request))

    def act() -> HttpResponse:
        workflow.give_back(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "已退回编制人", "audits:paper", pk)

    return form_page(request, form, _page(row, "退回底稿", "退回", ""), act)


@require_safe
@for_auditors
def paper_print(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """审计工作底稿 on paper."""
    row = paper_or_404(request, pk)
    body = row.engagement.organization
    return paper_leaves(request, working_paper_of(row), f"审计底稿-{pk}", kind, organization=body)


def _page(row: Paper, title: str, button: str, lead: str) -> FormPage:
    own = reverse("audits:paper", args=[row.pk])
    audit = reverse("audits:engagement", args=[row.engagement_id])
    return FormPage(
        title=title,
        button=button,
        lead=lead,
        kicker=row.expense.academy.name,
        trail=((row.engagement.number, audit), (row.expense.voucher, own)),
        cancel_href=own,
        keeps_draft=True,
    )
