"""Jobs, notices, records and files as pages; every one of them within reach only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from organizations.roles import STAFF, Role
from pages.permissions import for_roles
from pages.views.lists import list_page
from portal.tables import JobTable, NoticeTable, RecordTable
from workflow import selectors, services
from workflow.models import Job
from workflow.permissions import may_retry

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


JOB_READERS = Job.VISIBLE_TO_ROLES
RECORD_READERS = STAFF | {Role.AUDITOR, Role.AUDIT_ADMIN}


@for_roles(JOB_READERS)
@list_page()
def job_list(request: SignedRequest) -> JobTable:
    """Background jobs within reach, newest first."""
    return JobTable(request)


@require_safe
@for_roles(JOB_READERS)
def job_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One job and how far it is; the page asks itself again while the job runs."""
    job = get_object_or_404(selectors.jobs_in_scope(request.user), pk=pk)
    context = {
        "job": job,
        "may_retry": may_retry.allows(request.user, job),
    }
    return render(request, "portal/job.html", context)


@require_POST
@for_roles(JOB_READERS)
def job_retry(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a parked job back in the queue."""
    get_object_or_404(selectors.jobs_in_scope(request.user), pk=pk)
    services.retry_job(pk, actor=request.user)
    messages.success(request, "任务已重新排队")
    return redirect("portal:job", pk)


@login_required
@list_page("portal/notices.html")
def notice_list(request: SignedRequest) -> NoticeTable:
    """One's own notices, newest first."""
    return NoticeTable(request)


@require_POST
@login_required
def notice_read(request: SignedRequest, pk: int) -> HttpResponse:
    """Mark one notice read and go where it points."""
    notice = get_object_or_404(selectors.own_notices(request.user), pk=pk)
    services.mark_read([pk], reader=request.user)
    is_inside = url_has_allowed_host_and_scheme(notice.href, {request.get_host()})
    return redirect(notice.href if notice.href and is_inside else "portal:notices")


@require_POST
@login_required
def notices_read(request: SignedRequest) -> HttpResponse:
    """Mark all of one's notices read."""
    services.mark_read(None, reader=request.user)
    return redirect("portal:notices")


@for_roles(RECORD_READERS)
@list_page()
def record_list(request: SignedRequest) -> RecordTable:
    """The record within reach, newest first."""
    return RecordTable(request)


@require_safe
@login_required
def history(request: SignedRequest, model: str, pk: int) -> HttpResponse:
    """What happened to one subject, as far as one may know; a foreign one looks like none."""
    entries = selectors.history_of(f"{model}:{pk}", request.user)
    return render(request, "portal/history.html", {"entries": entries})
