"""On which days each stage of a round runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse

from pages.forms import posted
from pages.views.forms import FormPage, done, for_form, form_page
from talents.forms.stages import StagesForm
from talents.permissions import may_set_stages
from talents.rules.stages import stages_of
from talents.services.rounds import set_stages
from talents.views.access import for_readers, round_or_404, round_trail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_form
@for_readers
def round_stages(request: SignedRequest, code: str) -> HttpResponse:
    """The calendar for whoever reads the round; who called it sets the days below it."""
    selection, user = round_or_404(request, code), request.user
    context = {"round": selection, "stages": stages_of(selection)}
    if not may_set_stages.allows(user, selection):
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "talents/stages.html", context)
    form = StagesForm(posted(request), selection=selection, initial={"version": selection.version})

    def set_them() -> HttpResponse:
        set_stages(selection.pk, form.given(), actor=user, **form.words)
        return done(request, "阶段日历已保存", "talents:stages", code)

    page = FormPage(
        title="阶段日历",
        button="保存",
        cancel_href=reverse("talents:round", args=[code]),
        trail=round_trail(selection),
        kicker=selection.name,
        corrects=True,
        template="talents/stages.html",
        context=context,
    )
    return form_page(request, form, page, set_them)
