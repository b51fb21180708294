"""How a round's slate is made up: what is asked, what is there, and what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse

from pages.forms import posted
from pages.views.forms import FormPage, done, for_form, form_page
from talents.forms.composition import CompositionForm
from talents.permissions import may_set_composition
from talents.rules.papers import named_by_policy
from talents.selectors.composition import meter_of
from talents.services.rounds import set_requirements
from talents.views.access import for_readers, round_or_404, round_trail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_form
@for_readers
def round_composition(request: SignedRequest, code: str) -> HttpResponse:
    """The meter for whoever reads the round; who called it sets the shares below it."""
    selection, user = round_or_404(request, code), request.user
    context: dict[str, Any] = {"round": selection, "meter": meter_of(selection, user)}
    if not may_set_composition.allows(user, selection):
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "talents/composition.html", context)
    form = CompositionForm(
        posted(request),
        composition=selection.composition,
        papers=selection.required_papers,
        initial={"version": selection.version},
    )

    if not selection.required_papers:
        context["named_papers"] = named_by_policy(selection)

    def set_them() -> HttpResponse:
        set_requirements(
            selection.pk,
            composition=form.composition(),
            papers=form.papers(),
            actor=user,
            **form.words,
        )
        return done(request, "结构比例和须报材料已保存", "talents:composition", code)

    page = FormPage(
        title="结构比例和须报材料",
        button="保存",
        cancel_href=reverse("talents:round", args=[code]),
        trail=round_trail(selection),
        kicker=selection.name,
        corrects=True,
        template="talents/composition.html",
        context=context,
    )
    return form_page(request, form, page, set_them)
