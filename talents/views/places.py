"""The board of places over all rounds of a year, and places that go over from one body to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.forms import FormPage, done, for_form, form_page
from talents.forms.rounds import SwapForm
from talents.permissions import may_allocate
from talents.selectors.places import board_of
from talents.selectors.rounds import bodies_for_quotas
from talents.services.quotas import swap_quotas
from talents.views.access import for_readers, round_or_404, round_trail
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@require_safe
@for_readers
def places_board(request: SignedRequest) -> HttpResponse:
    """Organizations by tiers, with what is left."""
    board = board_of(request.user, natural(request.GET.get("year")))
    return render(request, "talents/places_board.html", {"board": board})


@for_form
@for_roles(STAFF)
def round_swap(request: SignedRequest, code: str) -> HttpResponse:
    """Let places of one body go over to another below the same parent."""
    selection, user = round_or_404(request, code), request.user
    may_allocate.check(user, selection)
    form = SwapForm(posted(request), bodies=bodies_for_quotas(selection, user))

    def swap() -> HttpResponse:
        facts = form.cleaned_data
        swap_quotas(
            selection.pk,
            giver_id=facts["giver"].pk,
            taker_id=facts["taker"].pk,
            places=facts["places"],
            actor=user,
            note=facts["note"],
        )
        words = f"已由“{facts['giver']}”调剂{facts['places']}名给“{facts['taker']}”"
        return done(request, words, "talents:places", code)

    page = FormPage(
        title="名额调剂",
        button="调剂",
        lead="同一上级的两个组织之间调剂；调出的不能少于已确认的人数，双方各记一笔。",
        trail=(*round_trail(selection), ("名额分配", reverse("talents:places", args=[code]))),
        kicker=selection.name,
        cancel_href=reverse("talents:places", args=[code]),
    )
    return form_page(request, form, page, swap)
