"""Beginning the cultivation of people who were named together: choose them, look at who begins, begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.readings import count_read
from pages.views.forms import FormPage, done, for_form, form_page
from talents.forms.cohorts import CohortChoiceForm, CohortForm
from talents.models import Person
from talents.rules.titles import people_steps
from talents.selectors.cohorts import Group, Step, cohort_of, groups_in_scope
from talents.workflow.cohorts import begin_cohort

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_form
@for_roles(STAFF)
def cohort_new(request: SignedRequest) -> HttpResponse:
    """Choose who was named together."""
    form = CohortChoiceForm(posted(request), user=request.user)

    def look() -> HttpResponse:
        group, _ = form.chosen
        page = reverse("talents:cohort", args=group)
        return redirect(f"{page}?{urlencode({'step': form.cleaned_data['step']})}")

    page = FormPage(
        title="成批登记培育对象",
        button="核对名单",
        lead="选同一制度、层级、年度命名的工匠，下一步逐名列出可以开始培育的人选和不列入的原因。",
        trail=(_list(),),
        cancel_href=reverse("talents:cultivations"),
    )
    return form_page(request, form, page, look)


@for_form
@for_roles(STAFF)
def cohort(request: SignedRequest, scheme: str, tier: str, year: int) -> HttpResponse:
    """Who begins and who does not, and by which plan."""
    group, steps = Group(scheme, tier, year), people_steps()
    told = dict(groups_in_scope(request.user)).get(group)
    key = request.GET.get("step", f"{scheme}:{tier}")
    if told is None or key not in steps:
        raise Http404
    code, target = steps[key]
    step = Step(code, target.code)
    found = cohort_of(request.user, group, step)
    count_read(request.user, Person, len(found.begin) + len(found.left_out))
    form = CohortForm(posted(request), begin=found.begin, initial={"digest": found.digest})

    def begin() -> HttpResponse:
        made = begin_cohort(
            group,
            step,
            form.course(step, target.title),
            actor=request.user,
            digest=form.cleaned_data["digest"],
            persons=form.cleaned_data["persons"],
        )
        return done(request, f"已登记{len(made)}名培育对象", "talents:cultivations")

    page = FormPage(
        title=f"成批登记：{target.title}",
        here="核对名单",
        button="开始培育所选人选",
        kicker=told,
        lead="各人由现单位培养；勾选的同时开始，有一人不能登记的，全部不登记。取消勾选的本次不登记，以后可另行登记。",
        trail=(_list(), ("成批登记培育对象", reverse("talents:cohort-new"))),
        cancel_href=reverse("talents:cohort-new"),
        template="talents/cohort.html",
        context={"cohort": found},
    )
    return form_page(request, form, page, begin)


def _list() -> tuple[str, str]:
    return ("工匠培育", reverse("talents:cultivations"))
