"""One's own file: everybody with an account may read, and take along, what is kept about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.roles import EVERYBODY
from pages.permissions import for_roles
from pages.views.papers import paper_answer
from talents.documents.own import copy_of
from talents.selectors.own import own_file
from workflow.records import Event, record_event, subject_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

COPIED = Event("talents.own-copy", "取得本人信息副本")


@require_safe
@for_roles(EVERYBODY)
def own_page(request: SignedRequest) -> HttpResponse:
    """What is on file about whoever asks; that there is none is said."""
    return render(request, "talents/own.html", {"file": own_file(request.user)})


@require_safe
@for_roles(EVERYBODY)
def own_copy(request: SignedRequest, kind: str) -> HttpResponse:
    """The same as a file, on record; 404 where nothing is on file."""
    file = own_file(request.user)
    if file is None:
        raise Http404
    answer = paper_answer(copy_of(file), f"个人信息副本-{file.person.name}", kind)
    record_event(
        COPIED,
        subject_of(file.person),
        actor=request.user,
        organization=file.person.organization,
    )
    return answer
