"""Reports in the back office: what was sealed, read-only; the rows are opened on the portal's pages."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from pages.admin.recorded import RecordedAdmin
from pages.admin.years import YearChoice
from reports.models import Figure, TargetReport


class YearOfReport(YearChoice):
    column = "report__year"


@admin.register(TargetReport)
class TargetReportAdmin(RecordedAdmin):
    list_display = (
        "heading", "policy", "year", "organization", "edition_no", "state", "sealed_at", "page",
    )  # fmt: skip
    list_filter = ("state", YearChoice)
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = (
        "policy", "policy_edition", "year", "organization", "edition_no", "reason", "state",
        "requested_by", "requested_at", "data_as_of", "figure_count", "sealed_at", "signed_as",
        "sha256", "page",
    )  # fmt: skip
    readonly_fields: ClassVar = fields

    @admin.display(description="名称")
    def heading(self, row: TargetReport) -> str:
        return row.heading

    @admin.display(description="查看")
    def page(self, row: TargetReport) -> str:
        return format_html('<a href="{}">打开</a>', reverse("reports:report", args=[row.pk]))


@admin.register(Figure)
class FigureAdmin(RecordedAdmin):
    list_display = (
        "place_name", "title", "period", "planned", "actual", "unit", "standing", "page",
    )  # fmt: skip
    list_filter = ("kind", "standing", YearOfReport)
    ordering = ("-report", "position")
    fields = (
        "report", "kind", "code", "measure", "title", "place_code", "place_name", "period",
        "planned", "planned_most", "tolerance", "actual", "unit", "standing", "met", "note", "page",
    )  # fmt: skip
    readonly_fields: ClassVar = fields

    @admin.display(description="依据")
    def page(self, row: Figure) -> str:
        return format_html('<a href="{}">打开行</a>', reverse("reports:figure", args=[row.pk]))
