"""The back office of the academies: what is on file, searched and filtered, with its history.

Entering and correcting have their pages in the portal; everything stands here as it was entered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils import timezone

from academies.models import (
    Academy,
    Brand,
    Campaign,
    Enrolment,
    Evaluation,
    PanelMark,
    PhoneCheck,
    Rectification,
    Review,
    ReviewEvidence,
    Room,
    TrainingClass,
    TrainingReport,
)
from academies.tables.academies import AcademyTable, AllBrandTable, AllClassTable, AllEnrolmentTable
from academies.tables.evaluations import EvaluationTable, ItemTable
from academies.tables.reporting import TrainingReportTable
from academies.tables.reviews import (
    CampaignTable,
    CheckTable,
    EvidenceTable,
    MarkTable,
    ReviewTable,
)
from academies.tables.rooms import RoomTable
from pages.admin.recorded import RecordedAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest

    from pages.tables import Table


@admin.register(Academy)
class AcademyAdmin(RecordedAdmin):
    table, page, listed = AcademyTable, ("academies:academy", "code"), "academies:list"
    fields = ("code", "name", "tier", "host", "supervising_union", "designated_on", "withdrawn_on")

    def table_of(self, request: HttpRequest) -> Table:
        """With the figures of the last year that is over."""
        return self.admin_table(request, year=timezone.localdate().year - 1)


@admin.register(Brand)
class BrandAdmin(RecordedAdmin):
    table, page = AllBrandTable, ("academies:academy", "academy.code")


@admin.register(Room)
class RoomAdmin(RecordedAdmin):
    table, page, listed = RoomTable, ("academies:academy", "academy.code"), "academies:rooms"


@admin.register(TrainingClass)
class TrainingClassAdmin(RecordedAdmin):
    table, page = AllClassTable, ("academies:class", "pk")


@admin.register(Enrolment)
class EnrolmentAdmin(RecordedAdmin):
    table, page = AllEnrolmentTable, ("academies:class", "training_class_id")
    fields = (
        "training_class", "person", "employer", "occupation", "attendance", "passed", "level_before",
        "level_after", "upgraded", "certificate_number", "batch", "batch_line", "edited_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="提升技能")
    def upgraded(self, row: Enrolment) -> bool:
        return row.is_upgraded


@admin.register(Evaluation)
class EvaluationAdmin(RecordedAdmin):
    table, page, listed = EvaluationTable, ("academies:evaluation", "pk"), "academies:evaluations"


@admin.register(Rectification)
class RectificationAdmin(RecordedAdmin):
    table, listed = ItemTable, "academies:items"


@admin.register(TrainingReport)
class TrainingReportAdmin(RecordedAdmin):
    table, page, listed = TrainingReportTable, ("academies:report", "pk"), "academies:reports"


@admin.register(Campaign)
class CampaignAdmin(RecordedAdmin):
    table, listed = CampaignTable, "academies:reviews"


@admin.register(Review)
class ReviewAdmin(RecordedAdmin):
    table, page, listed = ReviewTable, ("academies:review", "pk"), "academies:reviews"


@admin.register(PanelMark)
class PanelMarkAdmin(RecordedAdmin):
    table, page, listed = MarkTable, ("academies:review", "review_id"), "academies:reviews"


@admin.register(PhoneCheck)
class PhoneCheckAdmin(RecordedAdmin):
    table, page, listed = CheckTable, ("academies:review", "review_id"), "academies:reviews"


@admin.register(ReviewEvidence)
class ReviewEvidenceAdmin(RecordedAdmin):
    table, page, listed = EvidenceTable, ("academies:review", "review_id"), "academies:reviews"
    fields = (
        "review", "item", "told", "valid_until", "file", "uploaded_by", "uploaded_at",
    )  # fmt: skip
