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

if TYPE_CHECKING:
    from django.http import HttpRequest

READERS = STAFF | {Role.AUDITOR}


@admin.register(Job)
class JobAdmin(RecordedAdmin):
    table, page, listed = JobTable, ("portal:job", "pk"), "portal:jobs"
    view_roles = READERS | {Role.SYSTEM_ADMIN}


@admin.register(Notice)
class NoticeAdmin(RecordedAdmin):
    """What was said to whom, within one's own subtree."""

    table, view_roles = SentNoticeTable, READERS


@admin.register(WorkingDay)
class WorkingDayAdmin(RecordedAdmin):
    """Edited by staff of the city or the nation: one calendar serves all."""

    form, table, correctable, view_roles = VersionedForm, DayTable, DAY, READERS
    add_roles = change_roles = STAFF

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_set_calendar.allows(user_of(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_set_calendar.allows(user_of(request))
