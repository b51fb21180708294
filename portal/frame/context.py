"""What every page's frame needs: the menu of this person and who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from organizations.scoping import posts_of
from portal.frame.navigation import menu_for, public_menu

if TYPE_CHECKING:
    from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Menu and account line; costs the one query that reads the memberships."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"public_menu": public_menu(request.path)}
    posts = posts_of(user)
    post = posts[0] if posts else "未分配角色"
    return {
        "menu": menu_for(user, request.path),
        "account_name": str(user),
        "account_post": post + (f" 等{len(posts)}项" if len(posts) > 1 else ""),
    }
