"""The questions one may ask of the tree and of the roles in it; the same for page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django import forms

from organizations.models import Membership, Organization
from organizations.names import title_contains
from organizations.roles import Role
from organizations.validity import in_force
from pages.filters import search_filter

if TYPE_CHECKING:
    from django.db.models import QuerySet

FORCE = [("now", "在用"), ("ended", "已停用")]


class ByForce:
    """What the question after ``force`` asks, of bodies and roles alike."""

    def by_force(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(in_force() if value == "now" else ~in_force())


class OrganizationFilter(ByForce, django_filters.FilterSet):
    """Bodies by name or code, kind, whether they are in force, and what they lie under."""

    q = search_filter("组织", "名称、拼音首字母、编码或信用代码")
    kind = django_filters.ChoiceFilter(
        label="类型", choices=Organization.Kind.choices, empty_label="全部"
    )
    force = django_filters.ChoiceFilter(
        label="状态", choices=FORCE, method="by_force", empty_label="全部"
    )
    under = django_filters.CharFilter(
        label="上级编码",
        method="below",
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "其下全部组织"}),
    )

    class Meta:
        model = Organization
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(title_contains(value))

    def below(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Everything under the body with this code, as far as it can be seen."""
        top = rows.filter(code=value).values_list("path", flat=True).first()
        return rows.filter(path__startswith=top) if top else rows.none()


class MembershipFilter(ByForce, django_filters.FilterSet):
    """Roles by kind of role and whether they are in force."""

    role = django_filters.ChoiceFilter(label="角色", choices=Role.choices, empty_label="全部")
    force = django_filters.ChoiceFilter(
        label="状态", choices=FORCE, method="by_force", empty_label="全部"
    )

    class Meta:
        model = Membership
        fields = ()
