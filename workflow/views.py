"""Jobs, notices, records and files as pages; every one of them within reach only."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.doors import for_roles
from organizations.filters import OrganizationFilter
from organizations.paging import counted, page_of
from organizations.roles import STAFF, Role
from organizations.scoping import holds_role
from organizations.selectors import organizations_in_scope
from workflow import selectors, services
from workflow.documents import organization_table
from workflow.filters import ImportFilter, JobFilter, NoticeFilter, RecordFilter
from workflow.forms.imports import ReasonForm
from workflow.imports import overview
from workflow.models import ImportBatch, Job

if TYPE_CHECKING:
    from django.http import HttpRequest

    from workflow.models import Attachment

JOB_READERS = Job.VISIBLE_TO_ROLES
IMPORT_READERS = ImportBatch.VISIBLE_TO_ROLES
RECORD_READERS = STAFF | {Role.AUDITOR, Role.AUDIT_ADMIN}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@for_roles(JOB_READERS)
def job_list(request: HttpRequest) -> HttpResponse:
    """Background jobs within reach, newest first."""
    asked = JobFilter(request.GET, queryset=selectors.jobs_in_scope(request.user))
    page = page_of(asked.qs, request.GET, newest_first=True)
    context = {"filter": asked, "page": page, "count": counted(asked.qs)}
    return render(request, "workflow/jobs.html", context)


@require_safe
@for_roles(JOB_READERS)
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One job and how far it is; the page asks itself again while the job runs."""
    job = get_object_or_404(selectors.jobs_in_scope(request.user), pk=pk)
    place = job.organization.path if job.organization else "/"
    context = {
        "job": job,
        "may_retry": job.status == Job.Status.PARKED and holds_role(request.user, STAFF, place),
    }
    return render(request, "workflow/job.html", context)


@require_POST
@for_roles(JOB_READERS)
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a parked job back in the queue."""
    get_object_or_404(selectors.jobs_in_scope(request.user), pk=pk)
    services.retry_job(pk, actor=request.user)
    messages.success(request, "任务已重新排队")
    return redirect("workflow:job", pk)


@require_safe
@for_roles(IMPORT_READERS)
def import_list(request: HttpRequest) -> HttpResponse:
    """Files handed in within reach, newest first, each with the way to its preview."""
    rows = overview.batches_for_list(request.user)
    asked = ImportFilter(request.GET, queryset=rows)
    page = page_of(asked.qs, request.GET, newest_first=True)
    context = {
        "filter": asked,
        "page": page,
        "lines": overview.lines_of(page.rows),
        "count": counted(asked.qs),
    }
    return render(request, "workflow/imports.html", context)


@require_safe
@login_required
def notice_list(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first."""
    rows = selectors.own_notices(request.user)
    asked = NoticeFilter(request.GET, queryset=rows)
    context = {
        "filter": asked,
        "page": page_of(asked.qs, request.GET, newest_first=True),
        "count": counted(asked.qs),
        "unread": counted(selectors.unread(rows)),
    }
    return render(request, "workflow/notices.html", context)


@require_POST
@login_required
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice read and go where it points."""
    notice = get_object_or_404(selectors.own_notices(request.user), pk=pk)
    services.mark_read([pk], reader=request.user)
    is_inside = url_has_allowed_host_and_scheme(notice.href, {request.get_host()})
    return redirect(notice.href if notice.href and is_inside else "workflow:notices")


@require_POST
@login_required
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all of one's notices read."""
    services.mark_read(None, reader=request.user)
    return redirect("workflow:notices")


@require_safe
@for_roles(RECORD_READERS)
def record_list(request: HttpRequest) -> HttpResponse:
    """The record within reach, newest first."""
    asked = RecordFilter(request.GET, queryset=selectors.records_in_scope(request.user))
    page = page_of(asked.qs, request.GET, newest_first=True)
    context = {
        "filter": asked,
        "page": page,
        "entries": selectors.entries_of(page.rows, request.user),
        "count": counted(asked.qs),
    }
    return render(request, "workflow/records.html", context)


@require_safe
@login_required
def history(request: HttpRequest, model: str, pk: int) -> HttpResponse:
    """What happened to one subject, as far as one may know; a foreign one looks like none."""
    entries = selectors.history_of(f"{model}:{pk}", request.user)
    return render(request, "workflow/history.html", {"entries": entries})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A file as it was handed in, for a purpose: never shown in the browser, always on the record."""
    row = get_object_or_404(selectors.attachments_in_scope(request.user), pk=pk)
    if not services.may_take(request.user, row):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _handed_out(request, row, form.cleaned_data["note"])
    context = {
        "title": "下载原件",
        "filename": row.filename,
        "form": form,
        "cancel_href": reverse("portal:home"),
    }
    return render(request, "workflow/take_out.html", context)


@reauthentication_required
def _handed_out(request: HttpRequest, row: Attachment, reason: str) -> HttpResponse:
    content = services.hand_out(row, reader=request.user, reason=reason)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.filename)}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_safe
@login_required
def organizations_export(request: HttpRequest) -> FileResponse:
    """The list of bodies, filtered as on its page, as a workbook."""
    rows = organizations_in_scope(request.user)
    asked = OrganizationFilter(request.GET, queryset=rows)
    services.record_tree_export(asked.qs.count(), request.GET.urlencode(), actor=request.user)
    book = organization_table(asked.qs)
    return FileResponse(book, as_attachment=True, filename="组织机构.xlsx", content_type=XLSX)
