"""Evaluations: the list, one of them with what it demands, and how that is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from academies.documents.printing import closing_sheet_for, notice_for
from academies.documents.rectification import notice_after_audit, sheet_after_audit
from academies.facts.evaluations import BARS, payment_bar
from academies.forms.evaluations import (
    AgreementForm,
    CorrectionForm,
    DemandForm,
    ProofForm,
    RecheckForm,
)
from academies.permissions import may_demand, may_prove, may_recheck
from academies.permissions.correcting import may_drop_correction, may_propose_correction
from academies.selectors.academies import academies_in_scope
from academies.selectors.evaluations import (
    changes_of,
    evaluations_in_scope,
    is_brought_by_one,
    items_in_scope,
)
from academies.services.corrections import (
    agree_to_correction,
    drop_correction,
    propose_correction,
    propose_striking,
)
from academies.tables.evaluations import EvaluationTable, ItemTable, rectification_of
from academies.views.access import for_keepers, for_readers, for_staff
from academies.workflow import rectification as workflow
from pages.forms import posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from pages.views.papers import paper_leaves
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from academies.models import Evaluation, Rectification
    from pages.permissions import SignedRequest


@for_readers
@list_page()
def evaluation_list(request: SignedRequest) -> EvaluationTable:
    """All evaluations within reach."""
    return EvaluationTable(request)


@for_readers
@list_page()
def item_list(request: SignedRequest) -> ItemTable:
    """Everything that is to be put right, within reach."""
    return ItemTable(request)


@for_readers
@list_page("academies/evaluation.html")
def evaluation_page(request: SignedRequest, pk: int) -> ItemTable:
    """One evaluation: its grade, what it demands, how far that has come."""
    row = _evaluation_or_404(request, pk)
    table = ItemTable(request, evaluation=row)
    table.context = lambda: {  # type: ignore[method-assign]
        "evaluation": row,
        "academy": row.academy,
        "rectification": rectification_of(row),
        "by_one": is_brought_by_one(row),
        "payment_bar": BARS.get(payment_bar(row.academy), ""),
        "may_demand": may_demand.offer(request.user, row),
        "changes": changes_of(row, request.user),
        "may_correct": may_propose_correction.offer(request.user, row),
        "may_decide": may_drop_correction.offer(request.user, row),
        "records": history_of(subject_of(row), request.user),
    }
    return table


@require_safe
@for_readers
def notice(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """整改通知书 on paper."""
    row = _evaluation_or_404(request, pk)
    paper = notice_for(request.user, row)
    return paper_leaves(
        request,
        paper,
        f"整改通知书-{row.academy.code}-{row.year}",
        kind,
        organization=row.academy.organization,
    )


@require_safe
@for_readers
def closing_sheet(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """销号单 on paper."""
    row = _evaluation_or_404(request, pk)
    paper = closing_sheet_for(request.user, row)
    return paper_leaves(
        request,
        paper,
        f"整改销号单-{row.academy.code}-{row.year}",
        kind,
        organization=row.academy.organization,
    )


@require_safe
@for_readers
def item_notice(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """整改通知书 of what an audit found; of an evaluation's item that of the evaluation."""
    item = _item_or_404(request, pk)
    row = item.evaluation
    paper = notice_for(request.user, row) if row else notice_after_audit(item)
    return paper_leaves(
        request,
        paper,
        f"整改通知书-{item.whose.code}-{item.pk}",
        kind,
        organization=item.whose.organization,
    )


@require_safe
@for_readers
def item_sheet(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """销号单 of what an audit found; of an evaluation's item that of the evaluation."""
    item = _item_or_404(request, pk)
    row = item.evaluation
    paper = closing_sheet_for(request.user, row) if row else sheet_after_audit(item)
    return paper_leaves(
        request,
        paper,
        f"整改销号单-{item.whose.code}-{item.pk}",
        kind,
        organization=item.whose.organization,
    )


@for_form
@never_cache
@for_staff
def demand(request: SignedRequest, pk: int) -> HttpResponse:
    """Add one thing to be put right."""
    row = _evaluation_or_404(request, pk)
    may_demand.check(request.user, row)
    form = DemandForm(posted(request), evaluation=row)

    def add() -> HttpResponse:
        item = workflow.demand(pk, form.cleaned_data, actor=request.user)
        return done(request, f"已提出第{item.number}项，并通知学院", "academies:evaluation", pk)

    return form_page(request, form, _page(row, "提出整改事项", "提出并通知学院"), add)


@for_form
@never_cache
@for_staff
def correct(request: SignedRequest, pk: int) -> HttpResponse:
    """Propose what is to be put right about an evaluation that came with the history."""
    row = _evaluation_or_404(request, pk)
    may_propose_correction.check(request.user, row)
    academies = academies_in_scope(request.user).order_by("code")
    form = CorrectionForm(posted(request), evaluation=row, academies=academies)

    def propose() -> HttpResponse:
        facts = dict(form.cleaned_data)
        note = facts.pop("note")
        propose_correction(pk, facts, actor=request.user, note=note)
        return done(request, "已提出更正，由另一位审批人复核", "academies:evaluation", pk)

    lead = "只更正导入的历年结果；经提出人、导入人以外的审批人复核后生效，是否连续两次不合格随之重新计算。"
    return form_page(request, form, _page(row, "更正审核评价", "提出更正", lead), propose)


STRIKE = Deed(
    "撤下本条",
    "提出撤下“{row}”吗？",
    propose_striking,
    (
        "只用于本不该登记的历年结果；学院、年度、等次写错的请提出更正。",
        "由提出人、导入人以外的审批人复核后撤下，是否连续两次不合格随之重新计算。",
    ),
    said="已提出撤下，由另一位审批人复核",
    tone="bad",
)


@for_form
@never_cache
@for_staff
def strike(request: SignedRequest, pk: int) -> HttpResponse:
    """Propose that a row of the history goes."""
    row = _evaluation_or_404(request, pk)
    may_propose_correction.check(request.user, row)
    own = reverse("academies:evaluation", args=[pk])
    trail = (("审核评价", reverse("academies:evaluations")), (f"{row.year}年度", own))
    return decided(request, STRIKE, row, trail, kicker=row.academy.name)


@for_form
@never_cache
@for_staff
def correction(request: SignedRequest, pk: int) -> HttpResponse:
    """Agree to a correction, or leave the row as it is; who proposed it may only take it back."""
    row = _evaluation_or_404(request, pk)
    may_drop_correction.check(request.user, row)
    form = AgreementForm(posted(request))

    def decide() -> HttpResponse:
        agrees = form.cleaned_data["verdict"] == AgreementForm.AGREE
        deed = agree_to_correction if agrees else drop_correction
        deed(pk, actor=request.user, note=form.cleaned_data["note"])
        if agrees and row.is_to_be_struck:
            return done(request, "已撤下", "academies:academy", row.academy.code)
        words = "已更正" if agrees else "未予更正，维持原登记"
        return done(request, words, "academies:evaluation", pk)

    told = "；".join(
        f"{c.label}：{c.before or '无'} → {c.after or '无'}" for c in changes_of(row, request.user)
    )
    lead = f"{row.proposed_by}提出：{told}。事由：{row.proposal_reason}"
    return form_page(request, form, _page(row, "复核更正", "提交复核结论", lead), decide)


@for_form
@never_cache
@for_keepers
def prove(request: SignedRequest, pk: int) -> HttpResponse:
    """Say how an item was put right."""
    item = _item_or_404(request, pk)
    may_prove.check(request.user, item)
    shown = {name: getattr(item, name) for name in ("owner", "measure", "proof")}
    form = ProofForm(posted(request), initial=shown)

    def tell() -> HttpResponse:
        workflow.prove(pk, form.cleaned_data, actor=request.user)
        return done(request, "已报送复核", *_place_of(item))

    lead = f"第{item.number}项：{item.problem}" + (
        f"（上次退回：{item.finding}）" if item.finding else ""
    )
    return form_page(request, form, _item_page(item, "填报整改情况", "报送复核", lead), tell)


@for_form
@never_cache
@for_staff
def recheck(request: SignedRequest, pk: int) -> HttpResponse:
    """Look at an item again: strike it off, or send it back."""
    item = _item_or_404(request, pk)
    may_recheck.check(request.user, item)
    form = RecheckForm(posted(request))

    def decide() -> HttpResponse:
        is_done = form.cleaned_data["verdict"] == RecheckForm.CLOSE
        deed = workflow.strike_off if is_done else workflow.send_back
        deed(pk, actor=request.user, note=form.cleaned_data["note"])
        words = "已销号" if is_done else "已退回学院继续整改"
        return done(request, words, *_place_of(item))

    lead = f"第{item.number}项：{item.problem}。{item.owner}填报：{item.proof}"
    return form_page(request, form, _item_page(item, "复核整改", "提交复核结论", lead), decide)


def _place_of(item: Rectification) -> tuple[str, ...]:
    """The page that shows the item: of its evaluation, else the list of all items."""
    if item.evaluation is None:
        return ("academies:items",)
    return "academies:evaluation", str(item.evaluation_id)


def _item_page(item: Rectification, title: str, button: str, lead: str) -> FormPage:
    if item.evaluation is not None:
        return _page(item.evaluation, title, button, lead)
    listed = reverse("academies:items")
    return FormPage(
        title=title,
        button=button,
        lead=lead,
        kicker=item.whose.name,
        trail=(("整改事项", listed), (item.origin, listed)),
        cancel_href=listed,
        keeps_draft=True,
    )


def _page(row: Evaluation, title: str, button: str, lead: str = "") -> FormPage:
    own = reverse("academies:evaluation", args=[row.pk])
    trail = (("审核评价", reverse("academies:evaluations")), (f"{row.year}年度", own))
    return FormPage(
        title=title,
        button=button,
        lead=lead,
        kicker=row.academy.name,
        trail=trail,
        cancel_href=own,
        keeps_draft=True,
    )


def _evaluation_or_404(request: SignedRequest, pk: int) -> Evaluation:
    return get_object_or_404(evaluations_in_scope(request.user), pk=pk)


def _item_or_404(request: SignedRequest, pk: int) -> Rectification:
    return get_object_or_404(items_in_scope(request.user), pk=pk)
