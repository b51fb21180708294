"""Who is let in: by which roles a page or a class of the back office opens."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied

from organizations.models import User
from organizations.roles import SEPARATED_ADMINS, STAFF, Role
from organizations.scoping import holds_role, holds_role_anywhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    View = Callable[..., HttpResponseBase]

    class SignedRequest(HttpRequest):
        """A request behind ``for_roles`` or a login: its user is somebody."""

        user: User


BACK_OFFICE = STAFF | {Role.AUDITOR} | SEPARATED_ADMINS


def is_let_in(user: User | AnonymousUser, roles: Iterable[str]) -> bool:
    """Whether ``user`` holds one of ``roles`` anywhere; which rows stand behind is another matter."""
    return holds_role_anywhere(user, roles)


def may_enter_back_office(user: User | AnonymousUser) -> bool:
    """Whether the back office opens at all; each class in it has roles of its own."""
    return is_let_in(user, BACK_OFFICE)


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
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not is_let_in(request.user, allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


class OpenedByRole:
    """Who may do what with a class of the back office: its roles, held over the row concerned."""

    view_roles: frozenset[str] = STAFF | {Role.AUDITOR}
    add_roles: frozenset[str] = frozenset()
    change_roles: frozenset[str] = frozenset()

    def place_of(self, obj: Model) -> str:
        """The path of the body whose roles decide about ``obj``; ``/`` where nobody but the top may."""
        value: Any = obj
        for step in getattr(obj, "ORGANIZATION_PATH", "-").split("__"):
            value = getattr(value, step, None)
        return value or "/"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the class is open; that ``obj`` is visible the queryset has seen to."""
        return is_let_in(request.user, self.view_roles)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_let_in(request.user, self.add_roles)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if obj is None:
            return is_let_in(request.user, self.change_roles)
        return holds_role(request.user, self.change_roles, self.place_of(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here: what was on file stays, with the day it ended."""
        return False
