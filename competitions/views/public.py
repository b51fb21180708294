"""Pages for everybody, logged in or not: the calendar of contests, and published boards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competitions.selectors.calendar import announced, board_for_all, lines_for_all
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Contests and their items by date."""
    contests = announced(natural(request.GET.get("year")))
    return render(request, "competitions/calendar.html", {"contests": contests})


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """The newest published board of an item."""
    found = board_for_all(code)
    if found is None:
        raise Http404
    context = {"board": found, "item": found.item, "lines": lines_for_all(found)}
    return render(request, "competitions/board.html", context)
