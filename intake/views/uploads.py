"""Files as a list, and how they are handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from intake import services
from intake.documents import blank_form
from intake.forms import UploadForm
from intake.spreadsheets.guard import refuse_size
from intake.tables import ImportTable
from intake.views.access import (
    IMPORT_READERS,
    kind_or_404,
    subject_or_404,
)
from pages.documents import XLSX
from pages.permissions import for_roles
from pages.views.forms import for_form
from pages.views.lists import list_page
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

    from intake.kinds import (
        ImportKind,
        Subject,
    )
    from intake.kinds.files import ImportFile
    from pages.permissions import SignedRequest
REFUSED_STATUS = 422


@for_roles(IMPORT_READERS)
@list_page()
def import_list(request: SignedRequest) -> ImportTable:
    """Files handed in within reach, newest first, each with the way to its preview."""
    return ImportTable(request)


@require_safe
@login_required
def blank(request: SignedRequest, code: str) -> FileResponse:
    """The empty form of a kind, to be filled in."""
    kind = kind_or_404(request, code)
    return FileResponse(
        blank_form(kind), as_attachment=True, filename=f"{kind.title}.xlsx", content_type=XLSX
    )


@for_form
@never_cache
@login_required
def upload(request: SignedRequest, code: str, key: str = "") -> HttpResponse:
    """Hand in files for a subject; each is checked before anything is written."""
    kind = kind_or_404(request, code)
    subject = subject_or_404(request, kind, key)
    subject.check_open(request.user)
    bodies = subject.bodies(request.user)
    form = UploadForm(request.POST or None, request.FILES or None, kind=kind, bodies=bodies)
    status = 200
    if request.method == "POST":
        status = REFUSED_STATUS
        if form.is_valid():
            asked = subject_or_404(request, kind, key, form.asked())
            if received := _received(request, form, kind, asked):
                return received
    body = bodies[0] if len(bodies) == 1 else None
    context = {"kind": kind, "subject": subject, "form": form, "body": body}
    return render(request, "intake/upload.html", context, status=status)


def _received(
    request: SignedRequest, form: UploadForm, kind: ImportKind, subject: Subject
) -> HttpResponse | None:
    """Stage every file; where one is refused, the form says which and why."""
    files: Sequence[UploadedFile] = form.cleaned_data["file"]
    staged: list[ImportFile] = []
    for file in files:
        try:
            refuse_size(file.size or 0)
            handed = services.Upload(
                file.read(), file.name or "", subject, form.organization(), request.user
            )
            staged.append(services.receive(handed, kind))
        except DomainError as refusal:
            named = f"“{file.name}”：{refusal.message}" if len(files) > 1 else refusal.message
            form.add_error("file", named)
    if any(not each.is_new for each in staged):
        messages.info(request, "同一文件此前已经上传，这是已有的批次，没有任何改变")
    if form.errors:
        for each in staged:
            messages.success(
                request, f"“{each.batch.attachment.filename}”已读入，在导入记录中待提交"
            )
        return None
    if len(staged) == 1:
        return redirect("intake:file", staged[0].batch.pk)
    messages.success(request, f"已读入{len(staged)}个文件，请逐个查看后提交")
    return redirect(f"{reverse('intake:imports')}?subject={quote(subject.text)}")
