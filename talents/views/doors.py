"""Who is let in at which page, and what every page of this app does alike."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from organizations.roles import FILING
from organizations.scoping import holds_role_anywhere
from talents.selectors.nominations import nominations_in_scope
from talents.selectors.rounds import rounds_in_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, HttpResponse

    from talents.models import Nomination, SelectionRound

    View = Callable[..., HttpResponse]


def for_roles(roles: Iterable[str]) -> Callable[[View], View]:
    """A page for whoever holds one of ``roles`` somewhere; others are told it is not theirs."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not holds_role_anywhere(request.user, roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return door

    return decorate


for_filing = for_roles(FILING)


def round_or_404(request: HttpRequest, code: str) -> SelectionRound:
    """The round of that code, as far as this account may see; foreign and absent alike are 404."""
    return get_object_or_404(rounds_in_scope(request.user), code=code)


def nomination_or_404(request: HttpRequest, pk: int) -> Nomination:
    return get_object_or_404(nominations_in_scope(request.user), pk=pk)
