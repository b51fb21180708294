"""The questions one may ask of the policy library; the same for page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django import forms

from policies.models import PolicyEdition
from policies.selectors.editions import STANDINGS, codes, editions_matching, jurisdictions

if TYPE_CHECKING:
    from django.db.models import QuerySet


class EditionFilter(django_filters.FilterSet):
    """Editions by words, place, standing and code."""

    q = django_filters.CharFilter(
        label="名称或条文",
        method="search",
        max_length=60,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "如 一线、补助", "wide": True}
        ),
    )
    jurisdiction = django_filters.ChoiceFilter(
        label="适用范围", choices=jurisdictions, empty_label="全部"
    )
    standing = django_filters.ChoiceFilter(
        label="状态", choices=list(STANDINGS.items()), empty_label="全部"
    )
    code = django_filters.ChoiceFilter(label="编码", choices=codes, empty_label="全部")

    class Meta:
        model = PolicyEdition
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return editions_matching(rows, value)
