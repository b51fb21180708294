"""Reports in the back office: what was sealed, read-only; the rows are opened on the portal's pages."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from pages.admin.recorded import RecordedAdmin
from reports.models import Figure, TargetReport
from reports.tables import FigureTable, ReportTable


@admin.register(TargetReport)
class TargetReportAdmin(RecordedAdmin):
    table, page, listed = ReportTable, ("reports:report", "pk"), "reports:list"
    fields = (
        "policy_edition", "year", "organization", "edition_no", "reason", "state",
        "requested_by", "requested_at", "data_as_of", "figure_count", "sealed_at", "signed_as", "sha256",
    )  # fmt: skip
    readonly_fields: ClassVar = fields


@admin.register(Figure)
class FigureAdmin(RecordedAdmin):
    table, page = FigureTable, ("reports:figure", "pk")
    fields = (
        "report", "kind", "title", "place_code", "place_name", "period",
        "planned", "planned_most", "tolerance", "actual", "unit", "standing", "met", "note",
    )  # fmt: skip
    readonly_fields: ClassVar = fields
