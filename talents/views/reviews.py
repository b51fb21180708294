"""Review: the organizer's desk with draw and ranking, the pool, and the papers of each expert."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import ReasonForm, posted
from pages.permissions import for_roles
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page
from talents.forms.reviews import (
    ExpertCorrectionForm,
    ExpertForm,
    MarksForm,
    ReleaseForm,
    SeedForm,
)
from talents.permissions.masking import may_look_through_some
from talents.permissions.panels import may_convene
from talents.permissions.publicity import may_draft_notice
from talents.permissions.reviews import (
    REVIEW_READERS,
    has_confirmed,
    may_draw,
    may_import_reviews,
    may_keep_pool,
    may_mark,
    may_order_look,
    may_rank,
    may_release,
    may_substitute,
    unless_decided,
)
from talents.permissions.taking_back import may_take_back, may_waive
from talents.rules.blinding import blind_code, blind_paper
from talents.rules.ranking import ReviewRule
from talents.selectors.assessments import current_run
from talents.selectors.declaring import declarations_of
from talents.selectors.panels import panels_of
from talents.selectors.publicity import notices_of
from talents.selectors.reviews import (
    draws_of,
    experts_in_scope,
    own_reviews,
    papers_at_hand,
    standing_of,
    weighed,
)
from talents.services.drawing import draw_experts
from talents.services.reviewing import (
    correct_expert,
    enter_expert,
    keep_marks,
    order_second_look,
    submit_marks,
)
from talents.tables.reviews import ExpertTable, ReviewTable
from talents.views.access import round_or_404, round_trail
from talents.workflow.reviews import release_draw
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organizations.models import User
    from pages.permissions import SignedRequest
    from talents.models import SelectionRound

for_reviewers = for_roles(REVIEW_READERS)
#: Lines of the ranking on one page; the command ``rank_round`` tells them all.
MOST_LINES = 300
#: The button that ends the marking of a paper.
SUBMIT = "submit"
POOL = (("专家库", "talents:experts"),)


def _pool_trail() -> tuple[tuple[str, str], ...]:
    return tuple((label, reverse(name)) for label, name in POOL)


def _desk_trail(selection: SelectionRound) -> tuple[tuple[str, str], ...]:
    desk = reverse("talents:review-desk", args=[selection.code])
    return (*round_trail(selection), ("评审", desk))


@for_reviewers
@list_page()
def expert_list(request: SignedRequest) -> ExpertTable:
    """The pools within reach."""
    return ExpertTable(request)


@require_safe
@for_reviewers
def expert_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One expert: particulars, how much there is to do, what was changed."""
    expert = get_object_or_404(experts_in_scope(request.user), pk=pk)
    context = {
        "expert": expert,
        "may_keep": may_keep_pool.offer(request.user, expert.organization),
        "history": history_of(subject_of(expert), request.user),
    }
    return render(request, "talents/expert.html", context)


@for_form
@for_roles(STAFF)
def expert_new(request: SignedRequest) -> HttpResponse:
    """Take an expert into a pool."""
    form = ExpertForm(posted(request), user=request.user)

    def enter() -> HttpResponse:
        pool = form.cleaned_data["organization"]
        expert = enter_expert(form.facts, organization=pool, actor=request.user)
        return done(request, f"专家{expert}已入库", "talents:expert", expert.pk)

    page = FormPage(title="专家入库", trail=_pool_trail(), cancel_href=reverse("talents:experts"))
    return form_page(request, form, page, enter)


@for_form
@for_roles(STAFF)
def expert_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Put an expert's particulars right."""
    expert = get_object_or_404(experts_in_scope(request.user), pk=pk)
    initial = ExpertCorrectionForm.initial_of(expert)
    make: Any = ExpertCorrectionForm  # what it is made with, its second base says
    form = make(posted(request), user=request.user, initial=initial)

    def put_right() -> HttpResponse:
        correct_expert(pk, form.cleaned_data, actor=request.user, **form.words)
        return done(request, "已更正", "talents:expert", pk)

    page = FormPage(
        title=f"更正专家 {expert.code}",
        corrects=True,
        trail=(*_pool_trail(), (str(expert), reverse("talents:expert", args=[pk]))),
        cancel_href=reverse("talents:expert", args=[pk]),
    )
    return form_page(request, form, page, put_right)


@require_safe
@for_reviewers
def desk(request: SignedRequest, code: str) -> HttpResponse:
    """The review of one round: draws, how far marking has come, the ranking beside other rules."""
    selection, user = round_or_404(request, code), request.user
    draws = list(draws_of(user, selection))
    may_see = may_rank.offer(user, selection)
    lines = weighed(user, selection) if may_see else []
    context: dict[str, Any] = {
        "round": selection,
        "run": current_run(selection),
        "rule": ReviewRule.of(selection),
        "draws": draws,
        "standing": standing_of(user, selection),
        "may_see": may_see,
        "lines": lines[:MOST_LINES],
        "hidden_count": max(len(lines) - MOST_LINES, 0),
        "may_draw": may_draw.offer(user, selection),
        "may_import": may_import_reviews.offer(user, selection),
        "may_release": may_release.offer(user, draws[0]) if draws else None,
        "may_look_through": may_look_through_some.offer(user, selection.organizer),
        "may_substitute": may_substitute.offer(user, draws[0]) if draws else None,
        "declarations": declarations_of(user, selection) if may_see else (),
        "may_order_look": has_confirmed(selection) and may_order_look.offer(user, selection),
        **_papers(user, selection),
        "may_draft_notice": may_draft_notice.offer(user, selection),
        "notices": notices_of(user, selection),
        "may_convene": may_convene.offer(user, selection),
        "panels": panels_of(user, selection) if may_see else (),
    }
    return render(request, "talents/review_desk.html", context)


def _papers(user: User, selection: SelectionRound) -> dict[str, Any]:
    """What marks are still to come for, each with what this account may do about it."""
    if not may_rank.allows(user, selection):
        return {}
    rows = papers_at_hand(user, selection)
    told = [
        (
            row,
            blind_code(row),
            row.status == row.Status.ASSIGNED and may_take_back.allows(user, row),
            row.status == row.Status.TAKEN and may_waive.allows(user, row),
        )
        for row in rows[:MOST_LINES]
    ]
    return {"papers": told, "papers_hidden": max(rows.count() - MOST_LINES, 0)}


@for_form
@for_roles(STAFF)
def draw(request: SignedRequest, code: str) -> HttpResponse:
    """Draw experts by a seed chosen in public."""
    selection = round_or_404(request, code)
    form = SeedForm(posted(request))

    def carry_out() -> HttpResponse:
        made = draw_experts(selection.pk, form.cleaned_data["seed"], actor=request.user)
        words = f"已为{len(made.drawn)}名人选抽取专家，待另一位审批人核对后分发"
        return done(request, words, "talents:review-desk", code)

    page = FormPage(
        title="抽取评审专家",
        button="抽取",
        lead="同一种子、同一专家库，抽取结果总是相同；每次抽取都留在记录里，分发前以最近一次为准。",
        trail=_desk_trail(selection),
        cancel_href=reverse("talents:review-desk", args=[code]),
    )
    return form_page(request, form, page, carry_out)


@for_form
@for_roles(STAFF)
def release(request: SignedRequest, code: str, pk: int) -> HttpResponse:
    """Hand the papers out."""
    selection = round_or_404(request, code)
    found = get_object_or_404(draws_of(request.user, selection), pk=pk)
    form = ReleaseForm(posted(request))

    def hand_out() -> HttpResponse:
        release_draw(pk, actor=request.user)
        return done(request, "评审材料已分发给抽取的专家", "talents:review-desk", code)

    page = Question(
        title="分发评审材料",
        question=f"按种子{found.seed}的抽取结果，把{len(found.drawn)}名人选的材料分发给专家吗？",
        consequences=(
            "分发后不能重新抽取；",
            "专家只看到隐去姓名、单位和地区的材料；分发前请在“核对隐名材料”中逐份看过；",
            "分发后只能继续遮盖，不能解除遮盖；",
            "评分在该人选的专家全部提交之前，任何人都看不到。",
        ),
        trail=_desk_trail(selection),
        cancel_href=reverse("talents:review-desk", args=[code]),
    )
    return form_page(request, form, page, hand_out)


@for_form
@for_roles(STAFF)
def second_look(request: SignedRequest, code: str) -> HttpResponse:
    """Have those marked again whose marks lie too far apart."""
    selection = round_or_404(request, code)
    may_order_look.check(request.user, selection)
    form = ReasonForm(posted(request))

    def order() -> HttpResponse:
        note = form.cleaned_data["note"]
        count = order_second_look(selection.pk, actor=request.user, note=note)
        return done(request, f"已安排复评{count}份", "talents:review-desk", code)

    limit = ReviewRule.of(selection).spread_limit
    page = Question(
        title="安排复评",
        question=f"请专家对分差超过{limit}分的人选独立复评一次吗？",
        consequences=("前一次评分保留，名次以后一次为准；", "每名人选至多复评一次。"),
        trail=_desk_trail(selection),
        cancel_href=reverse("talents:review-desk", args=[code]),
    )
    return form_page(request, form, page, order)


@login_required
@list_page()
def review_list(request: SignedRequest) -> ReviewTable:
    """The papers this expert was given."""
    return ReviewTable(request)


@for_form
@login_required
def review_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One blind paper with its marks: kept as one goes, submitted for good."""
    review = get_object_or_404(own_reviews(request.user).select_related("draw"), pk=pk)
    paper = blind_paper(review)
    form = MarksForm(posted(request), initial=MarksForm.initial_of(review))

    def mark() -> HttpResponse:
        if SUBMIT not in request.POST:
            keep_marks(pk, form.cleaned_data, actor=request.user)
            return done(request, f"{paper.code}的评分已保存，尚未提交", "talents:review", pk)
        submit_marks(pk, form.cleaned_data, actor=request.user)
        return done(request, f"{paper.code}的评分已提交", "talents:reviews")

    page = FormPage(
        title=f"评审 {paper.code}",
        button="先保存",
        buttons=[] if unless_decided(review.nomination.round) else [(SUBMIT, "提交评分")],
        trail=(("评审材料", reverse("talents:reviews")),),
        cancel_href=reverse("talents:reviews"),
        template="talents/review.html",
        about=asdict(paper),
        context={
            "paper": paper,
            "review": review,
            "may_mark": may_mark.offer(request.user, review),
        },
    )
    return form_page(request, form, page, mark)
