"""The questions one may ask of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms

from intake.kinds import registered_sheets
from intake.models import ImportBatch, ImportFinding, ImportRow
from pages.filters import SubjectFilter, choice_filter, search_filter
from workflow.models import Attachment
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from django.db.models import QuerySet

LEFT = [("yes", "入库后待更正")]
CORRECTED = [("yes", "已更正"), ("no", "未更正")]


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
    subject = SubjectFilter(label="对象", max_length=100)

    class Meta:
        model = ImportBatch
        fields = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(sheet.name, sheet.title) for sheet in registered_sheets()]
        self.filters["kind"].extra["choices"] = choices

    def by_rows_left(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(status=ImportBatch.Status.COMMITTED, refused_count__gt=0)


class OfBatch(django_filters.FilterSet):
    """What was read from files, by the number of the batch."""

    q = search_filter("批次", "批次编号")

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        number = natural(value)
        return rows.none() if number is None else rows.filter(batch=number)


class StagedFilter(OfBatch):
    """Rows by what became of them, and whether they were corrected on a page."""

    outcome = choice_filter("结果", choices=ImportRow.Outcome.choices)
    corrected = choice_filter("页面更正", choices=CORRECTED, method="by_correction")

    class Meta:
        model = ImportRow
        fields = ()

    def by_correction(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_corrected=value == "yes")


class FindingFilter(OfBatch):
    """Findings by how grave they are."""

    severity = choice_filter("程度", choices=ImportFinding.Severity.choices)

    class Meta:
        model = ImportFinding
        fields = ()


class FileFindingFilter(django_filters.FilterSet):
    """What was found in one sheet, by how grave it is and by the kind of fault."""

    severity = choice_filter("程度", choices=ImportFinding.Severity.choices)
    code = choice_filter("问题")

    class Meta:
        model = ImportFinding
        fields = ()

    def __init__(self, *args: Any, codes: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["code"].extra["choices"] = codes

    @property
    def conditions(self) -> dict[str, str]:
        """The conditions asked for; what no choice offers is not asked."""
        cleaned = self.form.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in cleaned.items() if value}


class AttachmentFilter(django_filters.FilterSet):
    """Files by what they are."""

    kind = choice_filter("种类", choices=Attachment.Kind.choices)

    class Meta:
        model = Attachment
        fields = ()
