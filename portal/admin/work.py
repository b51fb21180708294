"""Jobs, files, imports, notices and the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.utils import timezone

from organizations.roles import STAFF, Role
from pages.admin.recorded import RecordedAdmin
from portal.permissions import may_set_calendar
from workflow import calendar
from workflow.models import Job, Notice, WorkingDay
from workflow.services import retry_job

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
        return may_set_calendar(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_set_calendar(request.user)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        this_year = timezone.localdate().year
        for year in sorted({this_year, this_year + 1} - set(calendar.published_years())):
            words = f"{year}年的节假日安排尚未载入，跨入该年的期限只按周末推算；公布后请在此补录"
            messages.warning(request, words)
        return super().changelist_view(request, extra_context)
