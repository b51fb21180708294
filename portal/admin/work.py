"""Jobs, notices and the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from organizations.roles import STAFF, Role
from pages.admin.recorded import RecordedAdmin, VersionedForm
from pages.permissions import user_of
from portal.permissions import may_set_calendar
from portal.tables import DayTable, JobTable, SentNoticeTable
from workflow.calendar import DAY
from workflow.models import Job, Notice, WorkingDay
from workflow.records.wording import subject_in_words

if TYPE_CHECKING:
    from django.http import HttpRequest

READERS = STAFF | {Role.AUDITOR}


@admin.register(Job)
class JobAdmin(RecordedAdmin):
    table, page, listed = JobTable, ("portal:job", "pk"), "portal:jobs"
    view_roles = READERS | {Role.SYSTEM_ADMIN}
    fields = (
        "label", "about", "organization", "status", "requested_by", "requested_at", "sent_at",
        "started_at", "finished_at", "lease_until", "fence", "attempts", "progress_done",
        "progress_total", "error",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="对象")
    def about(self, job: Job) -> str:
        return subject_in_words(job.subject)


@admin.register(Notice)
class NoticeAdmin(RecordedAdmin):
    """What was said to whom, within one's own subtree."""

    table, view_roles = SentNoticeTable, READERS
    fields = ("recipient", "about", "title", "body", "created_at", "read_at")
    readonly_fields = fields

    @admin.display(description="对象")
    def about(self, notice: Notice) -> str:
        return subject_in_words(notice.subject)


@admin.register(WorkingDay)
class WorkingDayAdmin(RecordedAdmin):
    """Edited by staff of the city or the nation: one calendar serves all."""

    form, table, correctable, view_roles = VersionedForm, DayTable, DAY, READERS
    add_roles = change_roles = STAFF

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_set_calendar.allows(user_of(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_set_calendar.allows(user_of(request))
