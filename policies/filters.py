"""The questions one may ask of the policy library; the same for page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django import forms
from django.db.models import Q

from pages.filters import choice_filter, search_filter
from policies.models import DefaultConfirmation, EditionDefault, EditionDraft, PolicyEdition
from policies.selectors.editions import (
    STANDINGS,
    editions_matching,
    jurisdictions,
    titles,
)

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
    code = choice_filter("政策", choices=titles)

    class Meta:
        model = PolicyEdition
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return editions_matching(rows, value)


class DefaultFilter(django_filters.FilterSet):
    """Defaults by policy, by whether they are confirmed, and by whether they are in use."""

    q = search_filter("条文", "条文中的字")
    policy = choice_filter("政策", choices=titles, field_name="edition__code")
    state = choice_filter(
        "状态", choices=[("open", "待确认"), ("confirmed", "已确认")], method="by_state"
    )
    jurisdiction = choice_filter(
        "适用范围", choices=jurisdictions, field_name="edition__jurisdiction"
    )
    used = choice_filter("版次", choices=[("yes", "现行和将施行"), ("no", "其他")], method="by_use")

    class Meta:
        model = EditionDefault
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(title__icontains=value)

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(confirmed=value == "confirmed")

    def by_use(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(in_use=value == "yes")


class ConfirmationFilter(django_filters.FilterSet):
    """Confirmations by what they confirmed or rest on, and by policy."""

    q = search_filter("条文或文号", "条文、文号中的字")
    policy = choice_filter("政策", choices=titles, field_name="default__edition__code")

    class Meta:
        model = DefaultConfirmation
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(default__title__icontains=value) | Q(document_number__icontains=value))


class DraftFilter(django_filters.FilterSet):
    """Drafts by name, policy and state."""

    q = search_filter("名称或文号", "名称、文号中的字")
    policy = choice_filter("政策", choices=titles, field_name="code")
    state = choice_filter("状态", choices=EditionDraft.State.choices)

    class Meta:
        model = EditionDraft
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(title__icontains=value) | Q(document_number__icontains=value))
