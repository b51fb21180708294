"""The one class that every app's back office is made of: scoped, opened by role, with the app's list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse

from organizations.scoping import ScopedQuerySet
from pages.admin.links import guarded
from pages.admin.tables import AdminTable, page_address
from pages.permissions import OpenedByRole, user_of
from pages.views.forms import sent_once, token_for
from pages.views.lists import ACT, EXPORT, list_page
from workflow.refusals import DomainError
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.admin import AdminSite
    from django.db.models import Field, ForeignKey, Model, QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

    from organizations.models import User
    from pages.permissions import SignedRequest
    from pages.tables import Table


class SearchedChoice(AutocompleteSelect):
    """A choice found by typing; says so while nothing is chosen, and by what name."""

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-placeholder": "输入名称、拼音或编码查找"}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list:
        """What was sent is shown again where it is a number; Django would look for anything."""
        return super().optgroups(name, [v for v in value if natural(v)], attr)

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["js/admin_choices.js"])


def refused(form: Any, refusal: DomainError) -> type[forms.BaseForm]:
    """The same form, with the words in which a service refused what it was sent."""

    class Refused(form):
        def _clean_form(self) -> None:
            super()._clean_form()
            self.add_error(None, refusal.message)

    return Refused


class ScopedAdmin(OpenedByRole, admin.ModelAdmin):
    """A model in the back office.

    The list is the app's ``table``, with its filters, order, actions and workbook; Django's own list
    is not used. Rows come from ``visible_to``; classes open by the roles of ``OpenedByRole``; a row that is
    not visible is absent (404). Write a class as a table and lists of roles; changes go through
    services.
    """

    table: ClassVar[type[Table]]
    #: The page of a row in the portal, as the name of its address and the attributes in it.
    page: ClassVar[tuple[str, ...]] = ()
    #: The name of the portal's page with the same list.
    listed: ClassVar[str] = ""

    search_fields = (
        "pk",
    )  # that Django lets it be asked for choices; ``get_search_results`` answers
    formfield_overrides = {
        models.DateField: {
            "widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        },
    }
    view_on_site = False
    media = forms.Media()  # only what the fields themselves bring along

    def __init__(self, model: type[Model], site: AdminSite) -> None:
        super().__init__(model, site)
        about = {"__module__": self.table.__module__, "model_admin": self}
        self.admin_table = type(self.table.__name__, (AdminTable, self.table), about)

    # -- the list ------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """With the addresses of the workbook and of what is done to chosen rows."""
        stem = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view(self.changelist_view)
        return [
            path("export/", view, {"deed": EXPORT}, name=f"{stem}_export"),
            path("act/<str:action>/", view, {"deed": ACT}, name=f"{stem}_act"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, *_: Any, **options: Any) -> Any:
        """The list as a page, its workbook, or an action on chosen rows (``pages.views.lists``)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if options.get("deed") == EXPORT and not self.table.workbook:
            raise Http404
        return list_page()(self.table_of)(request, **options)

    def table_of(self, request: HttpRequest) -> Table:
        return self.admin_table(request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Nothing is looked up by a path in the address; a list has its filters, by their names."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Choices are found by what the list is searched by."""
        found = self.table.filterset({"q": search_term}, queryset=queryset, request=request)
        return (found.qs if found.is_valid() else queryset.none()), False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = self.model.objects.visible_to(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    # -- where things stand --------------------------------------------------------------------

    def address(self, row: Model | None = None, *, view: str = "change") -> str:
        """The address of a page of this class."""
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{view}"
        return reverse(name, args=[] if row is None else [quote(row.pk)])

    def trail(self) -> list[tuple[str, str]]:
        """Where this class stands: the back office, the app, its list."""
        label, site = self.opts.app_label, self.admin_site.name
        return [
            ("管理后台", reverse(f"{site}:index")),
            (str(self.opts.app_config.verbose_name), reverse(f"{site}:app_list", args=[label])),
            (str(self.opts.verbose_name_plural), self.address(view="changelist")),
        ]

    def page_of(self, row: Model, user: User) -> str:
        """The page of ``row`` in the portal; empty where it has none that ``user`` may open."""
        return page_address(self.page[0], row, self.page[1:]) if self.page else ""

    # -- the file of a row ---------------------------------------------------------------------

    def changeform_view(self, request: Any, *args: Any, **options: Any) -> HttpResponse:
        """What a service refuses is said in the form, which keeps what was typed; done once."""
        change = partial(super().changeform_view, request, *args, **options)

        def act() -> HttpResponse:
            try:
                return change()
            except DomainError as refusal:
                request.refusal = refusal
                return change()

        return sent_once(request, act)

    def get_form(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        form: Any = super().get_form(request, *args, **options)
        refusal: DomainError | None = getattr(request, "refusal", None)
        return form if refusal is None else refused(form, refusal)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **options: Any
    ) -> Any:
        """Only rows in sight can be chosen; one that is not is answered like one that does not exist."""
        related: Any = db_field.related_model
        related = related.objects
        if isinstance(related.all(), ScopedQuerySet):
            options["queryset"] = related.visible_to(request.user)
        if db_field.name in self.get_autocomplete_fields(request):
            options["widget"] = SearchedChoice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **options: Any) -> Any:
        """Without Django's signs to add or change what is chosen from."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row: Model | None = kwargs.get("obj")
        context |= {
            "adminform": guarded(context["adminform"], request, self.admin_site),
            "model_admin": self,
            "once": token_for(cast("SignedRequest", request)),
            "trail": self.trail(),
            "here": str(row) if row else f"新增{self.opts.verbose_name}",
            "page_href": self.page_of(row, user_of(request)) if row else "",
            "history_href": self.address(row, view="history") if row else "",
            "is_open": self.has_change_permission(request, row)
            if row
            else self.has_add_permission(request),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def history_of(self, request: HttpRequest, obj: Model) -> Sequence[Any]:
        """What happened to ``obj``, newest first; apps that keep records fill this in."""
        return ()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_view_permission(request, obj):
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": f"{obj}：变更历史",
            "history": self.history_of(request, obj),
            "trail": [*self.trail(), (str(obj), self.address(obj))],
            "file_href": self.address(obj),
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/object_history.html", context)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Nothing here: what happens is written to the record, not to the admin's own log."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """As ``log_addition``."""

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404
