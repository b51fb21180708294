"""Whether a paper is as on file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.readings import count_read
from portal.selectors.papers import checked
from portal.views.home import LONGEST_SEARCH

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@require_safe
@login_required
def paper_check(request: SignedRequest) -> HttpResponse:
    """Which row the code at the foot of a paper leads to, and whether it still reads as printed."""
    typed = request.GET.get("code", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = checked(request.user, typed) if typed else None
    if found:
        count_read(request.user, type(found.meant.row), 1)
    return render(request, "portal/paper_check.html", {"typed": typed, "found": found})
