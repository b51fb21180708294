"""Entrants of an item: the list, one of them with what the rules say, entering, taking out, appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from competitions import workflow
from competitions.forms.entries import EntryCorrectionForm, NewEntryForm, facts_of
from competitions.forms.judging import AppealForm, CertificateForm, VerdictForm
from competitions.forms.terms import SigningForm
from competitions.permissions import entering
from competitions.selectors.pages import appeal_context, entry_context
from competitions.selectors.teams import on_disqualifying, on_withdrawing, teams_to_fill
from competitions.selectors.terms import current_terms
from competitions.services import entries, leaving
from competitions.services.terms import sign_terms
from competitions.tables.contests import item_trail
from competitions.tables.entries import ItemEntryTable
from competitions.tables.results import PromotionTable
from competitions.views.access import (
    appeal_or_404,
    entry_or_404,
    for_approvers,
    for_enterers,
    for_filing,
    for_keepers,
    item_or_404,
    promotion_or_404,
)
from pages.forms import ReasonForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from competitions.models import Entry, Terms
    from pages.permissions import SignedRequest


TERMS = "competitions/terms.html"
DECLINE = Deed(
    "不予晋升",
    "登记{row.person}不予晋升吗？",
    workflow.decline,
    ("资格审定未通过的事由计入留痕；", "该职业（工种）本年度可由其他竞赛再提出。"),
    said="已登记不予晋升",
    tone="bad",
)
RETRACT = Deed(
    "撤回晋升建议",
    "撤回{row.person}的晋升建议吗？",
    workflow.withdraw_proposal,
    ("事由计入留痕，已报送人力社保部门的请另行告知；", "符合规定的，可以重新提出。"),
    said="{row.person}的晋升建议已撤回",
    tone="bad",
)
ANNUL = Deed(
    "撤销晋升",
    "撤销{row.person}的晋升吗？",
    workflow.annul,
    (
        "请先与核发证书的人力社保部门核实，事由写明其处理意见；",
        "证书不再作为等级依据，不再计入晋升人数；",
        "符合规定的，可以重新提出晋升建议。",
    ),
    said="{row.person}的晋升已撤销",
    tone="bad",
)


@for_filing
@list_page()
def entry_list(request: SignedRequest, code: str) -> ItemEntryTable:
    """Everybody entered in an item, as far as one sees them."""
    return ItemEntryTable(request, of_item=item_or_404(request, code))


@require_safe
@for_filing
def entry_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One entrant: whether the rules admit him, each with its why; his marks, old ones included."""
    entry = entry_or_404(request, pk)
    return render(request, "competitions/entry.html", entry_context(entry, request.user))


@for_form
@for_enterers
def entry_new(request: SignedRequest, code: str) -> HttpResponse:
    """Enter one person."""
    item = item_or_404(request, code)
    entering.may_enter.check(request.user, item, fills_up=bool(teams_to_fill(item)))
    terms = current_terms(item.competition)
    version = {"terms": terms.number if terms else 0}
    form = NewEntryForm(posted(request), user=request.user, item=item, initial=version)

    def enter() -> HttpResponse:
        made = entries.enter(
            item.pk,
            form.entrant(),
            form.facts(),
            unit=form.cleaned_data["unit"],
            actor=request.user,
        )
        return done(request, f"已为{made.person}报名", "competitions:entry", made.pk)

    page = FormPage(
        title="报名",
        cancel_href=reverse("competitions:entries", args=[code]),
        trail=item_trail(item),
        kicker=str(item),
        keeps_draft=True,
        template=TERMS,
        about={"参赛承诺": terms.text} if terms else {},
        context=_shown(terms),
    )
    return form_page(request, form, page, enter)


def _shown(terms: Terms | None) -> dict[str, Any]:
    """The words that are signed, above the form."""
    return {"terms": terms, "terms_note": f"第{terms.number}版" if terms else ""}


@for_form
@for_enterers
def entry_sign(request: SignedRequest, pk: int) -> HttpResponse:
    """Write down that somebody entered otherwise signed the terms."""
    entry = entry_or_404(request, pk)
    entering.may_tend.check(request.user, entry)
    terms = current_terms(entry.item.competition)
    form = SigningForm(posted(request), initial={"terms": terms.number if terms else 0})

    def sign() -> HttpResponse:
        sign_terms(pk, form.cleaned_data["terms"] or 0, actor=request.user)
        return done(request, "已登记签署", "competitions:entry", pk)

    page = FormPage(
        title="登记签署参赛承诺",
        cancel_href=reverse("competitions:entry", args=[pk]),
        trail=_trail(entry),
        kicker=str(entry),
        template=TERMS,
        about={"参赛承诺": terms.text} if terms else {},
        context=_shown(terms),
    )
    return form_page(request, form, page, sign)


@for_form
@for_enterers
def entry_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Put right how somebody is entered."""
    entry = entry_or_404(request, pk)
    form = EntryCorrectionForm(  # type: ignore[call-arg]
        posted(request),
        user=request.user,
        item=entry.item,
        entry=entry,
        initial=facts_of(entry),
    )

    def put_right() -> HttpResponse:
        facts = {n: getattr(entry, n) for n in entry.CORRECTABLE.fields} | form.facts()
        entries.correct_entry(entry.pk, facts, actor=request.user, **form.words)
        return done(request, "更正已保存", "competitions:entry", pk)

    page = FormPage(
        title="更正报名",
        here="更正",
        cancel_href=reverse("competitions:entry", args=[pk]),
        trail=_trail(entry),
        kicker=str(entry),
        corrects=True,
        keeps_draft=True,
    )
    return form_page(request, form, page, put_right)


def _trail(entry: Entry) -> tuple[tuple[str, str], ...]:
    listed = ("参赛名单", reverse("competitions:entries", args=[entry.item.code]))
    own = (entry.person.name, reverse("competitions:entry", args=[entry.pk]))
    return (*item_trail(entry.item), listed, own)


@for_form
@for_enterers
def entry_withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take an entrant out."""
    entry = entry_or_404(request, pk)
    entering.may_withdraw.check(request.user, entry)
    form = ReasonForm(posted(request))

    def take_out() -> HttpResponse:
        leaving.withdraw_entry(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, f"{entry.person}已退赛", "competitions:entry", pk)

    page = Question(
        title="退赛",
        question=f"为{entry.person}登记退赛吗？",
        consequences=(
            *on_withdrawing(entry),
            "不再参加评分和排名，其他人的名次随之前移；",
            "已打的分数保留，不再计入；事由计入留痕，并通知所在单位。",
        ),
        tone="bad",
        trail=_trail(entry),
        kicker=str(entry),
        cancel_href=reverse("competitions:entry", args=[pk]),
    )
    return form_page(request, form, page, take_out)


@for_form
@for_approvers
def entry_disqualify(request: SignedRequest, pk: int) -> HttpResponse:
    """Take away an entrant's result."""
    entry = entry_or_404(request, pk)
    entering.may_disqualify.check(request.user, entry)
    form = ReasonForm(posted(request))

    def take_away() -> HttpResponse:
        leaving.disqualify_entry(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, f"{entry.person}的成绩已取消", "competitions:entry", pk)

    page = Question(
        title="取消成绩",
        question=f"取消{entry.person}在本项目的成绩吗？",
        consequences=(
            *on_disqualifying(entry),
            "不再参加排名，事由计入留痕，并通知所在单位；",
            "其他参赛人的分数不变，其他项目不受影响。",
        ),
        tone="bad",
        trail=_trail(entry),
        kicker=str(entry),
        cancel_href=reverse("competitions:entry", args=[pk]),
    )
    return form_page(request, form, page, take_away)


@for_form
@for_enterers
def appeal_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Appeal for an entrant."""
    entry = entry_or_404(request, pk)
    form = AppealForm(posted(request))

    def file() -> HttpResponse:
        made = workflow.appeal(entry.pk, form.cleaned_data["grounds"], actor=request.user)
        return done(request, "申诉已提出", "competitions:appeal", made.pk)

    page = FormPage(
        title="申诉",
        button="提出申诉",
        cancel_href=reverse("competitions:entry", args=[pk]),
        trail=_trail(entry),
        kicker=str(entry),
        keeps_draft=True,
    )
    return form_page(request, form, page, file)


@require_safe
@for_filing
def appeal_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One appeal with its grounds and what the jury said."""
    appeal = appeal_or_404(request, pk)
    return render(request, "competitions/appeal.html", appeal_context(appeal, request.user))


@for_form
@for_keepers
def appeal_decide(request: SignedRequest, pk: int) -> HttpResponse:
    """Decide an appeal."""
    appeal = appeal_or_404(request, pk)
    form = VerdictForm(
        posted(request), competition=appeal.item.competition, initial={"jury": [request.user.pk]}
    )

    def decided() -> HttpResponse:
        cleaned = form.cleaned_data
        workflow.decide(
            pk,
            is_upheld=cleaned["is_upheld"] == "yes",
            verdict=cleaned["verdict"],
            jury=cleaned["jury"],
            actor=request.user,
        )
        return done(request, "仲裁意见已记录", "competitions:appeal", pk)

    page = FormPage(
        title="仲裁",
        button="作出仲裁",
        cancel_href=reverse("competitions:appeal", args=[pk]),
        trail=(*item_trail(appeal.item), ("申诉", reverse("competitions:appeal", args=[pk]))),
        kicker=str(appeal.entry),
        lead=appeal.grounds,
    )
    return form_page(request, form, page, decided)


@for_filing
@list_page()
def promotion_list(request: SignedRequest, code: str) -> PromotionTable:
    """Who rises by an item; its workbook is the list for the labour authority."""
    return PromotionTable(request, of_item=item_or_404(request, code))


@for_form
@for_keepers
def promotion_certify(request: SignedRequest, pk: int) -> HttpResponse:
    """Enter the number of the certificate."""
    promotion = promotion_or_404(request, pk)
    form = CertificateForm(posted(request))
    listed = reverse("competitions:promotions", args=[promotion.item.code])

    def enter() -> HttpResponse:
        workflow.certify(pk, form.cleaned_data["number"], actor=request.user)
        words = f"{promotion.person}的证书已登记，等级为{promotion.get_target_display()}"
        return done(request, words, listed)

    page = FormPage(
        title="登记证书",
        cancel_href=listed,
        trail=(*item_trail(promotion.item), ("晋升建议", listed)),
        kicker=str(promotion),
        lead=promotion.clause,
    )
    return form_page(request, form, page, enter)


@for_form
@for_keepers
def promotion_decline(request: SignedRequest, pk: int) -> HttpResponse:
    """Note that somebody does not rise."""
    return _about_proposal(request, DECLINE, pk)


@for_form
@for_keepers
def promotion_retract(request: SignedRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    return _about_proposal(request, RETRACT, pk)


@for_form
@for_keepers
def promotion_annul(request: SignedRequest, pk: int) -> HttpResponse:
    """Take a rise back that has its certificate."""
    return _about_proposal(request, ANNUL, pk)


def _about_proposal(request: SignedRequest, deed: Deed, pk: int) -> HttpResponse:
    promotion = promotion_or_404(request, pk)
    listed = reverse("competitions:promotions", args=[promotion.item.code])
    trail = (*item_trail(promotion.item), ("晋升建议", listed))
    return decided(request, deed, promotion, trail)
