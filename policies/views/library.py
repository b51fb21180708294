"""The policy library for everybody: the list, one edition in plain words, two editions compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from pages.views.lists import list_page
from policies.library.defaults import confirmed_in
from policies.library.editions import policy_by_digest
from policies.permissions import may_draft
from policies.selectors.comparison import changes
from policies.selectors.drafts import open_draft_of
from policies.selectors.editions import STANDINGS, editions_for_list, editions_of
from policies.selectors.outline import Marks, outline
from policies.tables import EditionTable

if TYPE_CHECKING:
    from django.http import HttpRequest

    from policies.models import PolicyEdition


@list_page()
def edition_list(request: HttpRequest) -> EditionTable:
    """Every edition, filtered."""
    return EditionTable(request)


@require_safe
def newest(request: HttpRequest, code: str) -> HttpResponse:
    """The edition that applies today, or else the newest."""
    editions = _editions_or_404(code)
    applying = [e for e in editions if e.standing == "applying"]
    return redirect("policies:edition", code, (applying or editions)[0].edition)


@require_safe
def edition(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One edition in plain Chinese."""
    editions = _editions_or_404(code)
    shown = _numbered(editions, number)
    policy = policy_by_digest(shown.digest)
    confirmed = confirmed_in(shown)
    user: Any = request.user  # a stranger may not draft, and sees no draft
    context = {
        "marks": Marks(policy, confirmed),
        "edition": shown,
        "policy": policy,
        "outline": outline(policy),
        "confirmed_count": len(confirmed),
        "open_draft": open_draft_of(code, user),
        "may_draft": shown == editions[0] and may_draft.allows(user, shown),
        "standing": STANDINGS[shown.standing],
        "others": [e for e in editions if e.edition != number],
    }
    return render(request, "policies/edition.html", context)


@require_safe
def text(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The file itself, byte for byte what the digest was taken of."""
    shown = get_object_or_404(editions_for_list(timezone.localdate()), code=code, edition=number)
    response = HttpResponse(shown.text, content_type="text/plain; charset=utf-8")
    name = f"{shown.title}（第{number}版）.toml"
    response["Content-Disposition"] = str(content_disposition_header(False, name))  # noqa: FBT003
    return response


@require_safe
def compare(request: HttpRequest, code: str, older: int, newer: int) -> HttpResponse:
    """What changed between two editions."""
    editions = _editions_or_404(code)
    before, after = _numbered(editions, older), _numbered(editions, newer)
    context = {
        "before": before,
        "after": after,
        "changes": changes(policy_by_digest(before.digest), policy_by_digest(after.digest)),
    }
    return render(request, "policies/compare.html", context)


def _editions_or_404(code: str) -> list[PolicyEdition]:
    editions = editions_of(code, timezone.localdate())
    if not editions:
        raise Http404
    return editions


def _numbered(editions: list[PolicyEdition], number: int) -> PolicyEdition:
    for found in editions:
        if found.edition == number:
            return found
    raise Http404
