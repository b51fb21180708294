"""What every page's frame needs: the menu of this person and who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject

from organizations.scoping import posts_of
from pages.tables.paging import counted
from portal.frame.navigation import drawn, menu_for, public_menu
from workflow.selectors import own_notices, unread

if TYPE_CHECKING:
    from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Menu and account line: one query reads the memberships, one counts the notices not read yet."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"public_menu": public_menu(request.path)}
    posts = posts_of(user)
    post, menu = posts[0] if posts else "未分配角色", menu_for(user, request.path)
    not_read = SimpleLazyObject(lambda: counted(unread(own_notices(user))))
    return {
        "menu": menu,
        "menu_html": SimpleLazyObject(lambda: drawn(menu, str(not_read) if not_read else "")),
        "unread": not_read,
        "account_name": str(user),
        "account_post": post + (f" 等{len(posts)}项" if len(posts) > 1 else ""),
    }
