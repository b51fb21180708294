"""Who is let in: by which roles a page, a menu or a class of the back office opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.scoping import holds_role, holds_role_anywhere

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from organizations.models import User


def is_let_in(user: User | AnonymousUser, roles: Iterable[str]) -> bool:
    """Whether ``user`` holds one of ``roles`` anywhere; which rows stand behind is another matter."""
    return holds_role_anywhere(user, roles)


def may_at(user: User | AnonymousUser, roles: Iterable[str], path: str) -> bool:
    """Whether ``user`` holds one of ``roles`` over the row that stands at ``path``."""
    return holds_role(user, roles, path)
