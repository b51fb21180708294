"""Home per role, the search, and the style guide."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.demo.samples import StyleGuideForm, samples
from portal.selectors import desk_for, found_for, tiles_for

LONGEST_SEARCH = 60


@require_safe
def home(request):
    """The desk of whoever is logged in; what the programme is for everybody else."""
    if not request.user.is_authenticated:
        return render(request, "portal/home_public.html")
    desk = desk_for(request.user)
    return render(request, desk.template, {"desk": desk, "tiles": tiles_for(request.user, desk)})


@require_safe
@login_required
def search(request):
    """Candidates, rounds and organizations by name, pinyin or initials, as far as one may see."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = found_for(request.user, text) if text else None
    return render(request, "portal/search.html", {"text": text, "found": found})


@require_safe
def styleguide(request):
    """Every component with a sample, for those who build pages and for the browser tests."""
    faulty = StyleGuideForm({"name": "", "identity": "11010119900101123", "places": "0"})
    return render(
        request, "portal/styleguide.html", {**samples(), "form": StyleGuideForm(), "faulty": faulty}
    )
