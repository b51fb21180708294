"""One's own contests: what one entered, what came of it, and appealing against it in person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from competitions import workflow
from competitions.forms.judging import AppealForm
from competitions.selectors.own import own_entries, own_entry, told_of
from organizations.roles import EVERYBODY
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.forms import FormPage, done, for_form, form_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@require_safe
@for_roles(EVERYBODY)
def own(request: SignedRequest) -> HttpResponse:
    """All of them."""
    rows = told_of(own_entries(request.user), request.user)
    return render(request, "competitions/own.html", {"rows": rows})


@require_safe
@for_roles(EVERYBODY)
def own_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One of them."""
    entry = get_object_or_404(own_entries(request.user), pk=pk)
    context = {"told": own_entry(entry, request.user), "entry": entry, "item": entry.item}
    return render(request, "competitions/own_entry.html", context)


@for_form
@for_roles(EVERYBODY)
def own_appeal(request: SignedRequest, pk: int) -> HttpResponse:
    """Appeal in person."""
    entry = get_object_or_404(own_entries(request.user), pk=pk)
    form = AppealForm(posted(request))
    page_of_it = reverse("competitions:own-entry", args=[pk])

    def file() -> HttpResponse:
        workflow.appeal(entry.pk, form.cleaned_data["grounds"], actor=request.user)
        return done(request, "申诉已提出，仲裁结果会在这里和站内通知中告知", page_of_it)

    page = FormPage(
        title="申诉",
        button="提出申诉",
        cancel_href=page_of_it,
        trail=(("我的参赛", reverse("competitions:own")), (entry.item.name, page_of_it)),
        kicker=str(entry.item.competition),
        keeps_draft=True,
    )
    return form_page(request, form, page, file)
