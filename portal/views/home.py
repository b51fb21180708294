"""Home per role, the search, and the style guide."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.documents import XLSX
from pages.readings import count_read
from portal.demo.files import SAMPLES, is_demo
from portal.demo.samples import StyleGuideForm, samples
from portal.permissions import is_offered
from portal.selectors import found_for, home_for, tiles_for
from talents.models import Nomination

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pages.permissions import SignedRequest

LONGEST_SEARCH = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page of whoever is logged in; what the programme is for everybody else."""
    if not request.user.is_authenticated:
        return render(request, "portal/home_public.html")
    home = home_for(request.user)
    tiles = tiles_for(request.user, home)
    context = {
        "home": home,
        "tiles": tiles,
        "waiting": [tile for tile in tiles if tile.waits],
        "standing": [tile for tile in tiles if not tile.waits],
    }
    if is_demo():
        context["samples"] = {
            key: sample for key, sample in SAMPLES.items() if is_offered(request.user, sample)
        }
    return render(request, home.template, context)


@require_safe
@login_required
def sample(request: SignedRequest, key: str) -> FileResponse:
    """A workbook to try the demo with; elsewhere, and for whom it is not meant, there is none."""
    wanted = SAMPLES.get(key)
    if wanted is None or not is_demo() or not is_offered(request.user, wanted):
        raise Http404
    book = io.BytesIO(wanted.make(request.user))
    return FileResponse(book, as_attachment=True, filename=wanted.name, content_type=XLSX)


@require_safe
@login_required
def search(request: SignedRequest) -> HttpResponse:
    """Candidates, rounds and organizations by name, pinyin or initials, as far as one may see."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = found_for(request.user, text) if text else None
    if found:
        count_read(request.user, Nomination, len(found.candidates))
    return render(request, "portal/search.html", {"text": text, "found": found})


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with a sample, for those who build pages and for the browser tests."""
    faulty = StyleGuideForm({"name": "", "identity": "11010119900101123", "places": "0"})
    return render(
        request, "portal/styleguide.html", {**samples(), "form": StyleGuideForm(), "faulty": faulty}
    )
