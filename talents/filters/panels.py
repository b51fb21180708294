"""The questions one may ask of meetings of panels and of what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters

from pages.filters import choice_filter, search_filter
from talents.models import Panel, PanelDecision, PanelMember, PanelRecusal

if TYPE_CHECKING:
    from django.db.models import QuerySet


class PanelFilter(django_filters.FilterSet):
    """By name of the round and state."""

    q = search_filter("轮次", "轮次名称中的字")
    state = choice_filter("状态", choices=Panel.State.choices)

    class Meta:
        model = Panel
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(round__name__icontains=value.strip())


class PanelMemberFilter(django_filters.FilterSet):
    """By name."""

    q = search_filter("姓名", "姓名中的字")

    class Meta:
        model = PanelMember
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(name__icontains=value.strip())


class PanelDecisionFilter(django_filters.FilterSet):
    """By what was decided."""

    decision = choice_filter("决定", choices=PanelDecision.Decision.choices)

    class Meta:
        model = PanelDecision
        fields = ()


class PanelRecusalFilter(django_filters.FilterSet):
    """By why."""

    ground = choice_filter("缘由", choices=PanelRecusal.Ground.choices)

    class Meta:
        model = PanelRecusal
        fields = ()
