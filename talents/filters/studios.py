"""The questions one may ask of studios, their members, projects and boosted years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters

from organizations.names import is_named
from pages.filters import ByName, choice_filter, search_filter
from talents.models import BoostYear, Studio, StudioMember, StudioProject
from talents.rules.recommending import nameable

if TYPE_CHECKING:
    from django.db.models import Q, QuerySet


class StudioFilter(django_filters.FilterSet):
    """Studios by name, their own or their leader's, level and state."""

    q = search_filter("名称", "工作室名称或领衔人姓名")
    level = choice_filter("级别", choices=Studio.Level.choices)
    state = choice_filter("状态", choices=Studio.State.choices)
    further = choice_filter(
        "可推荐", choices=[("city", "可优先命名市级（示范性）")], method="by_list"
    )

    class Meta:
        model = Studio
        fields = ()

    def by_list(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return nameable(rows)

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        led: Q = is_named(value, route="leader__")
        return rows.filter(led) | rows.filter(name__icontains=value)


class MemberFilter(ByName):
    NAMED_BY = "person__"

    class Meta:
        model = StudioMember
        fields = ()


class ProjectFilter(ByName):
    NAMED_BY = "lead__"

    class Meta:
        model = StudioProject
        fields = ()


class BoostFilter(ByName):
    """Boosted years by name, state and year."""

    NAMED_BY = "person__"

    state = choice_filter("状态", choices=BoostYear.State.choices)
    year = django_filters.NumberFilter(label="年度")

    class Meta:
        model = BoostYear
        fields = ()
