"""The questions one may ask of masters and apprentices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters

from organizations.names import is_named
from pages.filters import choice_filter, search_filter
from talents.models import Mentorship

if TYPE_CHECKING:
    from django.db.models import QuerySet


class PairFilter(django_filters.FilterSet):
    """Pairs by the name of either, and state."""

    q = search_filter("姓名", "师傅或徒弟的姓名")
    state = choice_filter("状态", choices=Mentorship.State.choices)

    class Meta:
        model = Mentorship
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        is_master = is_named(value, route="master__")
        return rows.filter(is_master | is_named(value, route="apprentice__"))
