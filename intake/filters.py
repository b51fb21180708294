"""The questions one may ask of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms

from intake.kinds import registered_sheets
from intake.models import ImportBatch

if TYPE_CHECKING:
    from django.db.models import QuerySet

LEFT = [("yes", "入库后待更正")]


class ImportFilter(django_filters.FilterSet):
    """Imports by file, form, status, and whether refused rows are left to be corrected."""

    q = django_filters.CharFilter(
        label="文件名",
        field_name="attachment__filename",
        lookup_expr="icontains",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "文件名中的字"}),
    )
    kind = django_filters.ChoiceFilter(label="种类", empty_label="全部")
    status = django_filters.ChoiceFilter(
        label="状态", choices=ImportBatch.Status.choices, empty_label="全部"
    )
    left = django_filters.ChoiceFilter(
        label="退回行", choices=LEFT, method="by_rows_left", empty_label="全部"
    )
    subject = django_filters.CharFilter(
        label="对象", max_length=100, widget=forms.HiddenInput, lookup_expr="exact"
    )

    class Meta:
        model = ImportBatch
        fields = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(sheet.name, sheet.title) for sheet in registered_sheets()]
        self.filters["kind"].extra["choices"] = choices

    def by_rows_left(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(status=ImportBatch.Status.COMMITTED, refused_count__gt=0)
