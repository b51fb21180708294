"""The back office of the academies: what is on file, searched and filtered, with its history.

Entering and correcting have their pages in the portal; everything stands here as it was entered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from academies.models import Academy, Brand, Enrolment, TrainingClass
from organizations.names import is_named
from pages.admin.recorded import RecordedAdmin
from pages.admin.years import YearChoice

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class SearchByAcademy:
    """Rows of an academy, searched by the beginning of its name, pinyin, initials or code."""

    search_fields = ("academy__name",)
    search_help_text = "按学院名称、拼音、首字母或编码的开头查找"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(_called(search_term, "academy__")), False


@admin.register(Academy)
class AcademyAdmin(RecordedAdmin):
    list_display = (
        "name", "code", "tier", "host", "supervising_union", "designated_on", "withdrawn_on", "page",
    )  # fmt: skip
    list_filter = ("tier",)
    list_select_related = ("host", "supervising_union")
    ordering = ("-pk",)
    fields = (
        "code", "name", "tier", "host", "supervising_union", "designated_on", "withdrawn_on", "page",
    )  # fmt: skip
    readonly_fields = ("page",)
    search_fields = ("name",)
    search_help_text = "按名称、拼音、首字母或编码的开头查找"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(_called(search_term, "")), False

    @admin.display(description="办理")
    def page(self, row: Academy) -> str:
        address = reverse("academies:academy", args=[row.code])
        return format_html('<a href="{}">打开学院</a>', address)


@admin.register(Brand)
class BrandAdmin(SearchByAcademy, RecordedAdmin):
    list_display = ("name", "academy", "since", "until")
    list_select_related = ("academy",)
    ordering = ("-pk",)


@admin.register(TrainingClass)
class TrainingClassAdmin(SearchByAcademy, RecordedAdmin):
    list_display = (
        "number", "name", "academy", "year", "specialty", "form", "is_practical", "starts_on",
        "ends_on", "page",
    )  # fmt: skip
    list_filter = (YearChoice, "form", "is_practical")
    list_select_related = ("academy",)
    ordering = ("-pk",)
    readonly_fields = ("page",)

    @admin.display(description="办理")
    def page(self, row: TrainingClass) -> str:
        address = reverse("academies:class", args=[row.pk])
        return format_html('<a href="{}">打开班次</a>', address)


@admin.register(Enrolment)
class EnrolmentAdmin(RecordedAdmin):
    list_display = (
        "person", "training_class", "academy", "year", "passed", "level_before", "level_after",
        "is_upgraded", "page",
    )  # fmt: skip
    list_filter = (YearChoice, "passed", "is_upgraded")
    list_select_related = ("person", "training_class", "academy")
    ordering = ("-pk",)
    readonly_fields = ("is_upgraded", "page")
    search_fields = ("person__name",)
    search_help_text = "按姓名、全拼或拼音首字母查找"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(is_named(search_term, route="person__")), False

    @admin.display(description="办理")
    def page(self, row: Enrolment) -> str:
        address = reverse("academies:class", args=[row.training_class_id])
        return format_html('<a href="{}">打开班次</a>', address)


def _called(term: str, route: str) -> Q:
    text = "".join(term.split())
    found = is_named(text, route=route)
    return found | Q(**{f"{route}code__startswith": text.upper()}) if text.isascii() else found
