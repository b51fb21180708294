"""Who is let in at a page at all. Which rows stand behind it is ``visible_to``'s to say."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied

from organizations.models import User
from pages.permissions import is_let_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]


def user_of(request: HttpRequest) -> User:
    """The account behind a request that only accounts get through with."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def for_roles(roles: Iterable[str]) -> Callable[[View], View]:
    """A page for whoever holds one of ``roles`` somewhere; others are told it is not theirs."""
    allowed = frozenset(roles)

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_let_in(request.user, allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return door

    return decorate
