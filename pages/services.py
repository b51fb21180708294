"""Writing what people keep of their lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.models import SavedView

if TYPE_CHECKING:
    from organizations.models import User


def keep_view(owner: User, table: str, path: str, *, name: str, query: str) -> SavedView:
    """Keep a question under a name; the same name again replaces the old question."""
    view, _ = SavedView.objects.update_or_create(
        owner=owner, table=table, path=path, name=name, defaults={"query": query}
    )
    return view
