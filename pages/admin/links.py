"""Links into the back office and within it: only where the reader may follow them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.helpers import AdminForm, AdminReadonlyField, Fieldline, Fieldset
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils.html import format_html

from pages.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.contrib.admin import AdminSite
    from django.db.models import Model
    from django.http import HttpRequest


class Guarded:
    """A form, a fieldset or a line of the admin, down to whose fields the guard is carried."""

    def __init__(self, part: Any, request: HttpRequest, site: AdminSite) -> None:
        self.part, self.request, self.site = part, request, site

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)

    def __iter__(self) -> Iterator[Any]:
        return (guarded(inner, self.request, self.site) for inner in self.part)


def guarded(part: Any, request: HttpRequest, site: AdminSite) -> Any:
    """``part`` of a change page with the links taken off that would lead ``request.user`` nowhere."""
    if isinstance(part, AdminReadonlyField):
        shown = {
            "get_admin_url": partial(link_to, request, site),
            "contents": partial(said, part, part.contents),
        }
        vars(part).update(shown)  # for this page only
    elif isinstance(part, AdminForm | Fieldset | Fieldline):
        return Guarded(part, request, site)
    return part


def said(part: AdminReadonlyField, otherwise: Callable[[], str]) -> str:
    """What stands in a field that is only shown; 是 or 否 in place of a sign."""
    try:
        _, _, value = lookup_field(part.field["field"], part.form.instance, part.model_admin)
    except (AttributeError, ValueError, ObjectDoesNotExist):
        return otherwise()
    if isinstance(value, bool):
        return "是" if value else "否"
    return part.empty_value_display if value in (None, "", [], {}) else otherwise()


def link_to(request: HttpRequest, site: AdminSite, relation: Any, row: Model) -> str:
    """The name of ``row``, as a link if its page would open."""
    try:
        model_admin = site.get_model_admin(type(row))
    except NotRegistered:
        return str(row)
    opens = model_admin.has_view_permission(request, row)
    if not opens or not model_admin.get_queryset(request).filter(pk=row.pk).exists():
        return str(row)
    page = f"{site.name}:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(page, args=[row.pk]), row)


def admin_address(request: HttpRequest, thing: Table | Model, site: AdminSite) -> str:
    """Where a list of the portal, or a row with a page there, stands in the back office, if open."""
    model_admin: Any
    for model_admin in site._registry.values():
        is_it = type(thing) is (
            model_admin.table if isinstance(thing, Table) else model_admin.model
        )
        if is_it and model_admin.has_view_permission(request):
            row, view = (None, "changelist") if isinstance(thing, Table) else (thing, "change")
            return model_admin.address(row, view=view)
    return ""
