"""The questions one may ask of entries of the five actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django.db.models import Q

from organizations.names import is_named
from pages.filters import choice_filter, search_filter
from talents.models import ActionEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ActionFilter(django_filters.FilterSet):
    """By name or what is told, kind, sort, and whether it still counts."""

    q = search_filter("姓名、说明", "姓名或说明")
    kind = choice_filter("行动", choices=ActionEntry.Kind.choices)
    sort = choice_filter("类别", choices=ActionEntry.Sort.choices)

    class Meta:
        model = ActionEntry
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_named(value, route="person__") | Q(told__contains=value))
