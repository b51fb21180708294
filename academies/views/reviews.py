"""The yearly evaluation: its files, one of them, and each one's part in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from academies.documents.printing import self_assessment_for
from academies.forms.reviews import (
    AddForm,
    AnswerForm,
    CampaignForm,
    ExtendForm,
    GradeForm,
    LiftingForm,
    MarkForm,
    ReviewReturnForm,
    SelfForm,
)
from academies.permissions import (
    evaluating_bodies,
    may_answer,
    may_decide_lifting,
    may_drop_lifting,
    may_endorse,
    may_extend,
    may_give_back,
    may_grade,
    may_mark,
    may_object,
    may_open_campaign,
    may_read_all_marks,
    may_self_assess,
    opens_rows,
)
from academies.rules import objection_until
from academies.selectors.academies import academies_in_scope
from academies.selectors.reviews import (
    campaigns_in_scope,
    evidence_in_scope,
    marks_in_scope,
    reviews_in_scope,
)
from academies.services.calls import calls_of
from academies.services.reviews import (
    EVALUATED,
    add_to_campaign,
    extend_self_assessment,
    open_campaign,
    proposal_of,
    reports_of,
)
from academies.tables.reviews import CheckTable, ReviewTable, punctuality
from academies.views.access import for_experts, for_files, for_keepers, for_staff
from academies.workflow import reviews as workflow
from pages.forms import ReasonForm, posted
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from pages.views.papers import paper_leaves
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse

    from academies.models import Review
    from pages.permissions import SignedRequest
    from workflow.permissions import Permission

RECTIFY_DAYS = timedelta(days=60)


@for_files
@list_page()
def review_list(request: SignedRequest) -> ReviewTable:
    """The files of every campaign, within reach."""
    return ReviewTable(request)


@for_files
@list_page("academies/review.html")
def review_page(request: SignedRequest, pk: int) -> CheckTable:
    """One file: what was counted, what the academy says, the calls, the marks, the grade."""
    review = _review_or_404(request, pk)
    table = CheckTable(request, review=review)
    may = {
        "self": may_self_assess, "endorse": may_endorse, "mark": may_mark, "grade": may_grade,
        "object": may_object, "answer": may_answer, "return": may_give_back, "extend": may_extend,
        "lifting": may_drop_lifting, "agree": may_decide_lifting,
    }  # fmt: skip
    sees_all = may_read_all_marks.allows(request.user)
    table.context = lambda: {  # type: ignore[method-assign]
        "review": review,
        "academy": review.academy,
        "marks": marks_in_scope(request.user).filter(review=review),
        "reports": reports_of(review),
        "calls": calls_of(review) if review.filed_at else None,
        "punctuality": punctuality(review),
        "evidence": evidence_in_scope(request.user).filter(review=review),
        "proposal": proposal_of(review) if sees_all else None,
        "may": {name: act.offer(request.user, review) for name, act in may.items()},
        "objection_until": review.evaluation and objection_until(review.evaluation.evaluated_on),
        "opens_rows": opens_rows(request.user),
        "records": history_of(subject_of(review), request.user),
    }
    return table


@require_safe
@for_files
def self_assessment(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """自评表 on paper."""
    review = _review_or_404(request, pk)
    name = f"自评表-{review.academy.code}-{review.campaign.year}"
    paper, body = self_assessment_for(request.user, review), review.academy.organization
    return paper_leaves(request, paper, name, kind, organization=body)


@for_form
@never_cache
@for_staff
def campaign_new(request: SignedRequest) -> HttpResponse:
    """Begin a year's evaluation."""
    may_open_campaign.check(request.user)
    form = CampaignForm(posted(request))

    def begin() -> HttpResponse:
        union = evaluating_bodies(request.user)[0]
        campaign = open_campaign(union, **form.cleaned_data, actor=request.user)
        count = campaign.reviews.count()
        return done(request, f"已发起，{count}家学院各一件，已通知自评", "academies:reviews")

    listed = reverse("academies:reviews")
    page = FormPage(
        title="发起年度审核评价", button="发起并通知学院", cancel_href=listed,
        trail=(("评价工作", listed),), lead="每家首都工匠学院建一件，统计数由培训记录计出。",
    )  # fmt: skip
    return form_page(request, form, page, begin)


@for_form
@never_cache
@for_staff
def campaign_add(request: SignedRequest) -> HttpResponse:
    """Give an academy that was registered later a file in a campaign that is open."""
    may_open_campaign.check(request.user)
    campaigns = campaigns_in_scope(request.user).filter(
        organization__in=evaluating_bodies(request.user)
    )
    academies = academies_in_scope(request.user).filter(tier=EVALUATED).order_by("code")
    form = AddForm(posted(request), campaigns=campaigns, academies=academies)

    def add() -> HttpResponse:
        facts = form.cleaned_data
        review = add_to_campaign(
            facts["campaign"].pk, facts["academy"], self_due_on=facts["self_due_on"],
            actor=request.user,
        )  # fmt: skip
        return done(request, "已补列，并通知学院自评", "academies:review", review.pk)

    listed = reverse("academies:reviews")
    page = FormPage(
        title="补列学院", button="补列并通知学院", cancel_href=listed,
        trail=(("评价工作", listed),),
        lead="发起评价以后登记的学院在此补列；已有评价件或评价结果的不能补列。",
    )  # fmt: skip
    return form_page(request, form, page, add)


def _step(
    title: str,
    may: Permission,
    form_of: Callable[[SignedRequest, Review], forms.Form],
    act: Callable[[Review, Any, Any], object],
    lead: Callable[[Review], str] = lambda _: "",
) -> Callable[..., HttpResponse]:
    """A page on which one step of a file is done by whoever may; ``lead`` says what to know before."""

    @for_form
    @never_cache
    def step(request: SignedRequest, pk: int) -> HttpResponse:
        review = _review_or_404(request, pk)
        may.check(request.user, review)
        form = form_of(request, review)

        def go() -> HttpResponse:
            act(review, form, request.user)
            return done(request, f"{title}已办理", "academies:review", pk)

        own = reverse("academies:review", args=[pk])
        trail = (("评价工作", reverse("academies:reviews")), (review.academy.name, own))
        page = FormPage(
            title=title, button=title, kicker=review.academy.name, trail=trail, cancel_href=own,
            lead=lead(review),
        )  # fmt: skip
        return form_page(request, form, page, go)

    step.__doc__ = f"{title}."
    return step


def _why_returned(review: Review) -> str:
    if not review.fault:
        return ""
    return f"上次退回（{review.get_fault_display()}）：{review.fault_words}"


def _why_short(review: Review) -> str:
    calls = calls_of(review)
    told = f"{calls.shortfall}；出具意见后，电话抽查按未达标准计，评为合格以上的须由两人复核"
    return "；".join(filter(None, [calls.denials, told if calls.shortfall else ""]))


def _proposed(review: Review) -> str:
    """What marks, hard lines and calls come to, for who grades."""
    return "；".join(filter(None, [proposal_of(review).words, calls_of(review).denials]))


def _lifted(review: Review, form: Any, user: Any) -> object:
    agrees = form.cleaned_data["verdict"] == LiftingForm.AGREE
    deed = workflow.agree_to_lifting if agrees else workflow.drop_lifting
    return deed(review.pk, actor=user, note=form.cleaned_data["note"])


def _graded(review: Review, form: Any, user: Any) -> object:
    return workflow.grade(review.pk, **form.cleaned_data, actor=user)


def _grade_form(request: SignedRequest, review: Review) -> GradeForm:
    shown = {"grade": proposal_of(review).grade, "due_on": timezone.localdate() + RECTIFY_DAYS}
    return GradeForm(posted(request), initial=shown)


self_assess = for_keepers(
    _step(
        "报送自评",
        may_self_assess,
        lambda request, review: SelfForm(posted(request), review=review),
        lambda review, form, user: workflow.self_assess(
            review.pk, form.own(), statement=form.cleaned_data["statement"], actor=user
        ),
        _why_returned,
    )
)
endorse = for_staff(
    _step(
        "出具初审意见",
        may_endorse,
        lambda request, review: ReasonForm(posted(request)),
        lambda review, form, user: workflow.endorse(
            review.pk, actor=user, note=form.cleaned_data["note"]
        ),
        _why_short,
    )
)
give_back = for_staff(
    _step(
        "退回自评",
        may_give_back,
        lambda request, review: ReviewReturnForm(posted(request)),
        lambda review, form, user: workflow.give_back(review.pk, **form.cleaned_data, actor=user),
    )
)
mark = for_experts(
    _step(
        "评分",
        may_mark,
        lambda request, review: MarkForm(posted(request), review=review),
        lambda review, form, user: workflow.mark(
            review.pk, form.scores(), words=form.cleaned_data["words"], actor=user
        ),
    )
)
grade = for_staff(_step("评定等次", may_grade, _grade_form, _graded, _proposed))
lifting = for_staff(
    _step(
        "复核高于建议的等次",
        may_drop_lifting,
        lambda request, review: LiftingForm(posted(request)),
        _lifted,
        lambda review: f"{review.lifting_that_waits}。理由：{review.reason}。{_proposed(review)}",
    )
)
extend = for_staff(
    _step(
        "准予延期自评",
        may_extend,
        lambda request, review: ExtendForm(posted(request)),
        lambda review, form, user: extend_self_assessment(
            review.pk, **form.cleaned_data, actor=user
        ),
    )
)
object_to = for_keepers(
    _step(
        "提出异议",
        may_object,
        lambda request, review: ReasonForm(posted(request)),
        lambda review, form, user: workflow.object_to(
            review.pk, actor=user, note=form.cleaned_data["note"]
        ),
    )
)
answer = for_staff(
    _step(
        "答复异议",
        may_answer,
        lambda request, review: AnswerForm(
            posted(request), initial={"grade": review.evaluation and review.evaluation.grade}
        ),
        lambda review, form, user: workflow.answer(
            review.pk, form.cleaned_data["grade"], actor=user, note=form.cleaned_data["note"]
        ),
        lambda review: review.regrading_that_waits,
    )
)


def _review_or_404(request: SignedRequest, pk: int) -> Review:
    return get_object_or_404(reviews_in_scope(request.user), pk=pk)
