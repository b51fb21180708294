"""Addresses of what lists share, and those of one list."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from pages.views import saved
from pages.views.lists import ACT, EXPORT

app_name = "pages"
urlpatterns = [
    path("views/", saved.save, name="view-save"),
    path("views/<int:pk>/delete/", saved.delete, name="view-delete"),
]


def list_paths(
    route: str, view: Callable[..., Any], name: str, *, export: str = "", acts: bool = False
) -> list[URLPattern]:
    """The address of a list, of its workbook (under the name ``export``) and of its bulk actions."""
    found = [path(route, view, name=name)]
    if export:
        found.append(path(f"{route}export/", view, {"deed": EXPORT}, name=export))
    if acts:
        found.append(path(f"{route}act/<str:action>/", view, {"deed": ACT}, name=f"{name}-act"))
    return found
