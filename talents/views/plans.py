"""The goals of somebody's cultivation: set, put right, and what was reached of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from pages.forms import posted
from pages.views.forms import FormPage, done, for_form, form_page
from talents.forms.plans import FACTS, GoalCorrectionForm, GoalForm, OutcomeForm
from talents.permissions.growth import may_assess_goals, may_plan
from talents.selectors.growth import cultivations_in_scope
from talents.selectors.plans import goals_in_scope
from talents.services.planning import assess_goal, correct_goal, set_goal
from talents.views.access import for_filers
from workflow.corrections import version_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Cultivation, CultivationGoal


def _page(row: Cultivation, **words: Any) -> FormPage:
    own = reverse("talents:cultivation", args=[row.pk])
    trail = (("工匠培育", reverse("talents:cultivations")), (str(row), own))
    return FormPage(trail=trail, cancel_href=own, kicker=row, **words)


def _goal(request: SignedRequest, pk: int) -> CultivationGoal:
    goal = get_object_or_404(goals_in_scope(request.user), pk=pk)
    may_plan.check(request.user, goal.cultivation)
    return goal


@for_form
@for_filers
def goal_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Add a goal to somebody's plan."""
    row = get_object_or_404(cultivations_in_scope(request.user), pk=pk)
    may_plan.check(request.user, row)
    form = GoalForm(posted(request), cultivation=row, user=request.user)

    def add() -> HttpResponse:
        set_goal(pk, form.cleaned_data, actor=request.user)
        return done(request, "目标已登记", "talents:cultivation", pk)

    words = "按五力、课程、项目逐项登记：目标、怎样体现、完成时间。"
    return form_page(
        request, form, _page(row, title="登记培育目标", button="登记", lead=words), add
    )


@for_form
@for_filers
def goal_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a goal right."""
    goal = _goal(request, pk)
    row = goal.cultivation
    facts = {name: getattr(goal, name) for name in FACTS} | {"version": version_of(goal)}
    form = GoalCorrectionForm(posted(request), initial=facts, cultivation=row, user=request.user)

    def put_right() -> HttpResponse:
        given = {name: form.cleaned_data[name] for name in FACTS}
        correct_goal(pk, given, actor=request.user, **form.words)
        return done(request, "已更正", "talents:cultivation", row.pk)

    page = _page(row, title="更正培育目标", button="更正", corrects=True)
    return form_page(request, form, page, put_right)


@for_form
@for_filers
def goal_assess(request: SignedRequest, pk: int) -> HttpResponse:
    """Say what was reached of a goal."""
    goal = _goal(request, pk)
    may_assess_goals.check(request.user, goal.cultivation)
    form = OutcomeForm(posted(request), initial={"outcome": goal.outcome, "reached": goal.reached})

    def say() -> HttpResponse:
        assess_goal(pk, actor=request.user, **form.cleaned_data)
        return done(request, "完成情况已登记", "talents:cultivation", goal.cultivation_id)

    lead = f"{goal}。以{goal.shown_by}体现，应于{goal.due_on:%Y年%-m月%-d日}前完成。"
    page = _page(goal.cultivation, title="登记目标完成情况", button="登记", lead=lead)
    return form_page(request, form, page, say)
