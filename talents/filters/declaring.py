"""The questions one may ask of what experts declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters

from pages.filters import choice_filter, search_filter
from talents.models import Declaration, DeclaredTie

if TYPE_CHECKING:
    from django.db.models import QuerySet


class DeclarationFilter(django_filters.FilterSet):
    """By code of the expert and how far it has come."""

    q = search_filter("专家编号", "编号中的字")
    status = choice_filter("状态", choices=Declaration.Status.choices)

    class Meta:
        model = Declaration
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(expert__code__icontains=value.strip())


class DeclaredTieFilter(django_filters.FilterSet):
    """By code of the expert."""

    q = search_filter("专家编号", "编号中的字")

    class Meta:
        model = DeclaredTie
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(declaration__expert__code__icontains=value.strip())
