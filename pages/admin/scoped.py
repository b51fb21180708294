"""The base class of every list in the admin: scoped, opened by role, at constant cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.http import Http404
from django.shortcuts import render

from organizations.names import name_begins
from organizations.roles import STAFF, Role
from organizations.scoping import ScopedQuerySet
from organizations.validity import in_force
from pages.admin.links import guarded
from pages.permissions import is_let_in, may_at
from pages.tables.paging import CappedPaginator
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Field, Model, QuerySet
    from django.http import HttpRequest, HttpResponse


class SearchedChoice(AutocompleteSelect):
    """A choice found by typing; says so while nothing is chosen, and by what name."""

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-placeholder": "输入名称、拼音或编码查找"}

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> list:
        """What was sent is shown again where it is a number; Django would look for anything."""
        return super().optgroups(name, [v for v in value if natural(v)], attr)

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["js/admin_choices.js"])


class ScopedAdmin(admin.ModelAdmin):
    """A model in the back office.

    Rows come from ``visible_to``; pages open by the role tables below; a row that is not visible is
    absent (404). Write a class as lists of roles and columns; changes go through services.
    """

    view_roles: frozenset[str] = STAFF | {Role.AUDITOR}
    add_roles: frozenset[str] = frozenset()
    change_roles: frozenset[str] = frozenset()
    delete_roles: frozenset[str] = frozenset()

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    actions_selection_counter = False
    formfield_overrides = {
        models.DateField: {
            "widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        },
    }
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = self.model.objects.visible_to(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def history_of(self, request: HttpRequest, obj: Model) -> Sequence[Any]:
        """What happened to ``obj``, newest first; apps that keep records fill this in."""
        return ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the page is open to this account; that ``obj`` is visible the queryset has seen to."""
        return is_let_in(request.user, self.view_roles)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_let_in(request.user, self.add_roles)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.change_roles, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.delete_roles, obj)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Lists are filtered by what they offer; no other column can be guessed through the address."""
        offered = {_parameter(entry) for entry in self.list_filter}
        return any(lookup == name or lookup.startswith(f"{name}__") for name in offered)

    def formfield_for_foreignkey(
        self, db_field: Field, request: HttpRequest, **options: Any
    ) -> Any:
        """Only rows in sight can be chosen; one that is not is answered like one that does not exist."""
        related = db_field.related_model.objects
        if isinstance(related.all(), ScopedQuerySet):
            options["queryset"] = related.visible_to(request.user)
        if db_field.name in self.get_autocomplete_fields(request):
            options["widget"] = SearchedChoice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["adminform"] = guarded(context["adminform"], request, self.admin_site)
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_view_permission(request, obj):
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": f"{obj}：变更历史",
            "subtitle": None,
            "history": self.history_of(request, obj),
            "module_name": str(self.opts.verbose_name_plural),
            "object": obj,
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/object_history.html", context)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """Nothing here: what happens is written to the record, not to the admin's own log."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """As ``log_addition``."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> None:
        """As ``log_addition``."""

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404

    def _may(self, request: HttpRequest, roles: frozenset[str], obj: Model | None) -> bool:
        if obj is None:
            return is_let_in(request.user, roles)
        return may_at(request.user, roles, self.place_of(obj))

    def place_of(self, obj: Model) -> str:
        """The path of the body whose roles decide about ``obj``; ``/`` where nobody but the top may."""
        value: Any = obj
        for step in getattr(obj, "ORGANIZATION_PATH", "-").split("__"):
            value = getattr(value, step, None)
        return value or "/"


class InForceFilter(admin.SimpleListFilter):
    """Rows that still count, and rows that have ended."""

    title, parameter_name = "状态", "force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", "在用"), ("ended", "已停用")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"now", "ended"}:
            return queryset
        return queryset.filter(in_force() if self.value() == "now" else ~in_force())


def _parameter(entry: Any) -> str:
    """Under which name a list filter stands in the address."""
    if isinstance(entry, str):
        return entry
    return entry[0] if isinstance(entry, tuple | list) else entry.parameter_name


class SearchByName:
    """Search by the beginning of a name, its pinyin or its initials: each of them an index."""

    search_fields = ("name",)
    search_help_text = "按姓名、全拼或拼音首字母查找"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(name_begins(search_term)), False
