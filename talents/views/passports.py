"""The passport of a person: what they hold and which step comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pages.readings import count_read
from talents.selectors.attainments import Sight
from talents.selectors.passport import passport_of, passports_in_scope
from talents.views.access import for_readers

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@require_safe
@for_readers
def passport_page(request: SignedRequest, pk: int) -> HttpResponse:
    """All that is on file about somebody's craft."""
    person = get_object_or_404(passports_in_scope(request.user), pk=pk)
    count_read(request.user, type(person), 1)
    context = {"passport": passport_of(person, Sight(request.user)), "person": person}
    return render(request, "talents/passport.html", context)
