"""Imports as a list, and files as they were handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from intake.filters import ImportFilter
from intake.imports import overview
from intake.models import ImportBatch
from pages.access import for_roles
from pages.forms import ReasonForm
from pages.paging import counted, page_of
from workflow import selectors

if TYPE_CHECKING:
    from django.http import HttpRequest

    from workflow.models import Attachment


from intake import services

IMPORT_READERS = ImportBatch.VISIBLE_TO_ROLES


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
    return render(request, "intake/imports.html", context)


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
    return render(request, "intake/take_out.html", context)


@reauthentication_required
def _handed_out(request: HttpRequest, row: Attachment, reason: str) -> HttpResponse:
    content = services.hand_out(row, reader=request.user, reason=reason)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.filename)}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
