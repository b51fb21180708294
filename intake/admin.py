"""Rows and findings of imports as they were staged: read-only, numbers of persons only as masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from intake.models import ImportBatch
from intake.permissions import may_take, may_take_some
from organizations.roles import STAFF, Role
from pages.admin.recorded import RecordedAdmin
from workflow.models import Attachment

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


from intake.kinds import address_of, is_known
from intake.models import ImportFinding, ImportRow
from workflow.texts.identity import without_numbers

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


READERS = STAFF | {Role.AUDITOR}


class OfBatch:
    """Rows of a batch, found by its number; the way back to its preview."""

    search_fields = ("batch",)
    search_help_text = "按批次编号查找"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        if not (number := search_term.strip()):
            return queryset, False
        is_number = number.isascii() and number.isdecimal() and len(number) < len(str(2**63))
        return (queryset.filter(batch=int(number)) if is_number else queryset.none()), False

    @admin.display(description="预览")
    def page(self, row: ImportRow | ImportFinding) -> str:
        return link_to_preview(row.batch)


@admin.register(ImportRow)
class ImportRowAdmin(OfBatch, RecordedAdmin):
    view_roles = READERS

    list_display = (
        "batch_id", "line", "number", "identity_mask", "outcome", "is_corrected", "batch", "page",
    )  # fmt: skip
    list_display_links = ("line",)
    list_filter = ("outcome", "is_corrected")
    list_select_related = ("batch__attachment",)
    ordering = ("-pk",)
    fields = (
        "batch", "line", "number", "shown_cells", "flags", "identity_mask", "identity_problem", "outcome",
        "is_corrected", "note", "object_id", "page",
    )  # fmt: skip
    readonly_fields = ("shown_cells", "page")

    @admin.display(description="单元格")
    def shown_cells(self, row: ImportRow) -> str:
        """What stood in the sheet; a number of a person may stand where none belongs."""
        return " / ".join(without_numbers(cell) for cell in row.cells)


@admin.register(ImportFinding)
class ImportFindingAdmin(OfBatch, RecordedAdmin):
    view_roles = READERS

    list_display = ("batch_id", "line", "column", "severity", "code", "said", "batch", "page")
    list_display_links = ("line",)
    list_filter = ("severity",)
    list_select_related = ("batch__attachment",)
    ordering = ("-pk",)
    fields = ("batch", "line", "number", "column", "severity", "code", "said", "page")
    readonly_fields = ("said", "page")

    @admin.display(description="说明")
    def said(self, finding: ImportFinding) -> str:
        return without_numbers(finding.message)


def link_to_preview(batch: ImportBatch) -> str:
    """The preview of a batch, where an app still knows its form."""
    if not is_known(batch):
        return "—"
    return format_html('<a href="{}">打开预览</a>', address_of(batch))


@admin.register(ImportBatch)
class ImportBatchAdmin(RecordedAdmin):
    view_roles = READERS

    list_display = (
        "attachment", "kind", "subject", "organization", "status",
        "row_count", "accepted_count", "refused_count", "uploaded_by", "uploaded_at", "page",
    )  # fmt: skip
    list_filter = ("status",)
    list_select_related = ("attachment", "organization", "uploaded_by")
    ordering = ("-pk",)
    search_fields = ("subject",)
    search_help_text = "按对象编号查找，如 talents.selectionround:12"
    readonly_fields = ("page",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        subject = search_term.strip()
        return (queryset.filter(subject=subject) if subject else queryset), False

    @admin.display(description="预览")
    def page(self, batch: ImportBatch) -> str:
        return link_to_preview(batch)


@admin.register(Attachment)
class AttachmentAdmin(RecordedAdmin):
    view_roles = READERS

    list_display = (
        "filename",
        "kind",
        "size",
        "organization",
        "uploaded_by",
        "uploaded_at",
        "file",
    )
    list_filter = ("kind",)
    list_select_related = ("organization", "uploaded_by")
    ordering = ("-pk",)
    readonly_fields = ("file",)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The way to the originals only for those who may take one at all."""
        takes = may_take_some(request.user)
        return tuple(name for name in self.list_display if takes or name != "file")

    def get_fields(self, request: HttpRequest, obj: Attachment | None = None) -> list[str]:
        fields = list(super().get_fields(request, obj))
        takes = obj is not None and may_take.allows(request.user, obj)
        return [name for name in fields if takes or name != "file"]

    @admin.display(description="下载")
    def file(self, attachment: Attachment) -> str:
        address = reverse("intake:attachment", args=[attachment.pk])
        return format_html('<a href="{}">下载原件</a>', address)
