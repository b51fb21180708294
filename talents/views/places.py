"""The board of places over all rounds of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from talents.selectors.places import board_of
from talents.views.access import for_readers
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
