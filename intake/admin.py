"""Files handed in, and their rows and findings as staged: read-only, numbers of persons as masks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from intake.kinds import address_of, is_known, kind_of, sheet_of
from intake.models import ImportBatch, ImportFinding, ImportRow
from intake.permissions import may_read, may_take
from intake.tables import AllImportTable, AttachmentTable, FindingTable, StagedTable
from pages.admin.recorded import RecordedAdmin
from pages.permissions import user_of
from workflow.models import Attachment
from workflow.records.wording import subject_in_words
from workflow.texts.identity import PROBLEMS, without_numbers

if TYPE_CHECKING:
    from django.http import HttpRequest

    from organizations.models import User


class OfBatch(RecordedAdmin):
    """Rows of a batch; their page in the portal is its preview."""

    page = ("intake:file",)

    def page_of(self, row: Any, user: User) -> str:
        """Its preview, where an app still knows its form and ``user`` reads that kind."""
        batch = row if isinstance(row, ImportBatch) else row.batch
        is_read = is_known(batch) and may_read.allows(user, kind_of(batch))
        return address_of(batch) if is_read else ""


@admin.register(ImportRow)
class ImportRowAdmin(OfBatch):
    table = StagedTable
    fields = (
        "batch", "line", "number", "shown_cells", "identity_mask", "problem_of_identity", "outcome",
        "is_corrected", "note", "object_id",
    )  # fmt: skip
    readonly_fields = ("shown_cells", "problem_of_identity")

    @admin.display(description="身份号码问题")
    def problem_of_identity(self, row: ImportRow) -> str:
        return PROBLEMS[row.identity_problem] if row.identity_problem else ""

    @admin.display(description="单元格")
    def shown_cells(self, row: ImportRow) -> str:
        """What stood in the sheet; a number of a person may stand where none belongs."""
        return " / ".join(without_numbers(cell) for cell in row.cells)


@admin.register(ImportFinding)
class ImportFindingAdmin(OfBatch):
    table = FindingTable
    fields = ("batch", "line", "number", "column", "severity", "explanation")
    readonly_fields = ("explanation",)

    @admin.display(description="说明")
    def explanation(self, finding: ImportFinding) -> str:
        return without_numbers(finding.message)


@admin.register(ImportBatch)
class ImportBatchAdmin(OfBatch):
    table, listed = AllImportTable, "intake:imports"
    fields = (
        "kind_title", "about", "organization", "attachment", "sheet", "status", "problem", "row_count",
        "accepted_count", "refused_count", "dropped_count", "warning_count", "uploaded_by",
        "uploaded_at", "committed_by", "committed_at", "reverted_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="种类")
    def kind_title(self, batch: ImportBatch) -> str:
        return sheet_of(batch).title if is_known(batch) else ""

    @admin.display(description="对象")
    def about(self, batch: ImportBatch) -> str:
        return subject_in_words(batch.subject)


@admin.register(Attachment)
class AttachmentAdmin(RecordedAdmin):
    table = AttachmentTable
    readonly_fields = ("file",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = [str(name) for name in super().get_fields(request, obj)]
        takes = obj is not None and may_take.allows(user_of(request), obj)
        return [name for name in fields if takes or name != "file"]

    @admin.display(description="下载")
    def file(self, attachment: Attachment) -> str:
        address = reverse("intake:attachment", args=[attachment.pk])
        return format_html('<a href="{}">下载原件</a>', address)
