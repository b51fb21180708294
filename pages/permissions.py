"""Who is let in: by which roles a page, a menu or a class of the back office opens."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied

from organizations.models import User
from organizations.scoping import holds_role, holds_role_anywhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    View = Callable[..., HttpResponseBase]

    class SignedRequest(HttpRequest):
        """A request behind ``for_roles`` or a login: its user is somebody."""

        user: User


def is_let_in(user: User | AnonymousUser, roles: Iterable[str]) -> bool:
    """Whether ``user`` holds one of ``roles`` anywhere; which rows stand behind is another matter."""
    return holds_role_anywhere(user, roles)


def user_of(request: HttpRequest) -> User:
    """The account behind a request that only accounts get through with."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def may_at(user: User | AnonymousUser, roles: Iterable[str], path: str) -> bool:
    """Whether ``user`` holds one of ``roles`` over the row that stands at ``path``."""
    return holds_role(user, roles, path)


def for_roles(roles: Iterable[str]) -> Callable[[View], View]:
    """A page for whoever holds one of ``roles`` somewhere; others are told it is not theirs."""
    allowed = frozenset(roles)

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not is_let_in(request.user, allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
