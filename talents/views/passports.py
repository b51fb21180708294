"""The passport of a person: what they hold and which step comes next; and the three dossiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pages.readings import count_read
from pages.views.papers import paper_leaves
from talents.documents.dossiers import dossier_paper
from talents.selectors.attainments import Sight
from talents.selectors.dossiers import DOSSIERS, dossier_of, dossiers_of
from talents.selectors.passport import passport_of, passports_in_scope
from talents.views.access import for_readers

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Person
    from talents.selectors.dossiers import Dossier


@require_safe
@for_readers
def passport_page(request: SignedRequest, pk: int) -> HttpResponse:
    """All that is on file about somebody's craft."""
    person = get_object_or_404(passports_in_scope(request.user), pk=pk)
    count_read(request.user, type(person), 1)
    passport = passport_of(person, Sight(request.user))
    context = {"passport": passport, "person": person, "dossiers": dossiers_of(passport)}
    return render(request, "talents/passport.html", context)


@require_safe
@for_readers
def dossier_page(request: SignedRequest, pk: int, what: str) -> HttpResponse:
    """One of the three dossiers."""
    person, dossier = _dossier(request, pk, what)
    others = [(kind, title) for kind, title in DOSSIERS.items() if kind != what]
    context = {"person": person, "dossier": dossier, "others": others}
    return render(request, "talents/dossier.html", context)


@require_safe
@for_readers
def dossier_file(request: SignedRequest, pk: int, what: str, kind: str) -> HttpResponse:
    """The same on paper, with its code on record."""
    person, dossier = _dossier(request, pk, what)
    return paper_leaves(
        request,
        dossier_paper(dossier),
        f"{dossier.title}-{person.name}",
        kind,
        organization=person.organization,
    )


def _dossier(request: SignedRequest, pk: int, what: str) -> tuple[Person, Dossier]:
    if what not in DOSSIERS:
        raise Http404
    person = get_object_or_404(passports_in_scope(request.user), pk=pk)
    count_read(request.user, type(person), 1)
    return person, dossier_of(what, person, Sight(request.user))
