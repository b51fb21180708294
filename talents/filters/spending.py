"""The questions one may ask of money for workers' education."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters

from pages.filters import search_filter
from talents.models import EducationSpend

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SpendFilter(django_filters.FilterSet):
    """By enterprise and year."""

    q = search_filter("企业", "企业名称")
    year = django_filters.NumberFilter(label="年度")

    class Meta:
        model = EducationSpend
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(organization__name__contains=value)
