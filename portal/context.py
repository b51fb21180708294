"""What every page's frame needs: the menu of this person and who they are."""

from organizations.scoping import memberships_of
from portal.navigation import menu_for, public_menu


def navigation(request):
    """Menu and account line; costs the one query that reads the memberships."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"public_menu": public_menu(request.path)}
    memberships = memberships_of(user)
    first = memberships[0] if memberships else None
    post = f"{first.organization.name} · {first.get_role_display()}" if first else "未分配角色"
    return {
        "menu": menu_for(user, request.path),
        "account_name": str(user),
        "account_post": post + (f" 等{len(memberships)}项" if len(memberships) > 1 else ""),
    }
