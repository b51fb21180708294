"""The questions one may ask of results, seeds and own assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django.db.models import Q

from organizations.names import is_named
from pages.filters import choice_filter, search_filter
from talents.models import ActionEntry, ActionPartner
from talents.rules.patents import bare_number

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ActionFilter(django_filters.FilterSet):
    """By name or what is told, kind, sort, and whether it still counts."""

    q = search_filter("姓名、名称、编号", "姓名、名称或编号")
    kind = choice_filter("种类", choices=ActionEntry.Kind.choices)
    sort = choice_filter("类别", choices=ActionEntry.Sort.choices)

    class Meta:
        model = ActionEntry
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        told = Q(told__contains=value) | Q(document_number__contains=bare_number(value) or value)
        return rows.filter(is_named(value, route="person__") | told)


class PartnerFilter(django_filters.FilterSet):
    """By name."""

    q = search_filter("姓名", "姓名")

    class Meta:
        model = ActionPartner
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_named(value, route="person__"))
