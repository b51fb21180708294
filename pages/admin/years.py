"""Rows of the back office by the year they stand under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

FIRST_YEAR_OFFERED = 2024
YEARS_OFFERED = 12


class YearChoice(admin.SimpleListFilter):
    """One of the years that anything can stand under; nothing is asked to offer them."""

    title = "年度"
    parameter_name = "year"
    column = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = range(FIRST_YEAR_OFFERED, FIRST_YEAR_OFFERED + YEARS_OFFERED)
        return [(str(year), f"{year}年") for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        is_offered = self.value() in dict(self.lookup_choices)
        return queryset.filter(**{self.column: self.value()}) if is_offered else queryset
