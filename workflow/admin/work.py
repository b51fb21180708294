"""Jobs, files, imports, notices and the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from organizations.models import Organization
from organizations.roles import STAFF, Role
from organizations.scoping import holds_role_anywhere, memberships_of
from workflow import calendar
from workflow.admin.imports import link_to_preview
from workflow.admin.recorded import RecordedAdmin
from workflow.models import Attachment, ImportBatch, Job, Notice, WorkingDay
from workflow.services import HANDING_IN, may_take, retry_job

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

READERS = STAFF | {Role.AUDITOR}


@admin.register(Job)
class JobAdmin(RecordedAdmin):
    view_roles = READERS | {Role.SYSTEM_ADMIN}

    list_display = (
        "label", "status", "progress", "organization", "requested_by", "requested_at", "attempts",
    )  # fmt: skip
    list_filter = ("status",)
    list_select_related = ("organization", "requested_by")
    ordering = ("-pk",)
    actions = ("put_back",)

    @admin.display(description="进度")
    def progress(self, job: Job) -> str:
        return f"{job.percent}%"

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return self._may(request, STAFF, None)

    @admin.action(description="重新排队（仅对已停放的任务）", permissions=["retry"])
    def put_back(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        for job in queryset.filter(status=Job.Status.PARKED):
            retry_job(job.pk, actor=request.user)
        messages.success(request, "已停放的任务已重新排队")


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
        takes = holds_role_anywhere(request.user, HANDING_IN)
        return tuple(name for name in self.list_display if takes or name != "file")

    def get_fields(self, request: HttpRequest, obj: Attachment | None = None) -> list[str]:
        fields = list(super().get_fields(request, obj))
        takes = obj is not None and may_take(request.user, obj)
        return [name for name in fields if takes or name != "file"]

    @admin.display(description="下载")
    def file(self, attachment: Attachment) -> str:
        address = reverse("workflow:attachment", args=[attachment.pk])
        return format_html('<a href="{}">下载原件</a>', address)


class ReadingFilter(admin.SimpleListFilter):
    title, parameter_name = "阅读", "read"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "未读"), ("yes", "已读")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        is_asked = self.value() in {"no", "yes"}
        return queryset.filter(read_at__isnull=self.value() == "no") if is_asked else queryset


@admin.register(Notice)
class NoticeAdmin(RecordedAdmin):
    """What was said to whom, within one's own subtree."""

    view_roles = READERS

    list_display = ("title", "recipient", "created_at", "read_at")
    list_filter = (ReadingFilter,)
    list_select_related = ("recipient",)
    ordering = ("-pk",)


class YearFilter(admin.SimpleListFilter):
    title = "年份"
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(year), f"{year}年") for year in calendar.published_years()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        is_offered = self.value() in dict(self.lookup_choices)
        return queryset.filter(day__year=int(self.value())) if is_offered else queryset


@admin.register(WorkingDay)
class WorkingDayAdmin(RecordedAdmin):
    """Edited by staff of the city or the nation: one calendar serves all."""

    view_roles = READERS
    add_roles = change_roles = STAFF

    list_display = ("day", "is_working", "note")
    list_filter = (YearFilter, "is_working")
    ordering = ("-day",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _serves_at_the_top(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _serves_at_the_top(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        this_year = timezone.localdate().year
        for year in sorted({this_year, this_year + 1} - set(calendar.published_years())):
            words = f"{year}年的节假日安排尚未载入，跨入该年的期限只按周末推算；公布后请在此补录"
            messages.warning(request, words)
        return super().changelist_view(request, extra_context)


def _serves_at_the_top(request: HttpRequest) -> bool:
    top = {Organization.Kind.NATIONAL, Organization.Kind.CITY}
    return any(m.role in STAFF and m.organization.kind in top for m in memberships_of(request.user))
