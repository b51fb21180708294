"""Files given out again, for a purpose that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache

from intake import permissions
from intake.services.originals import hand_out, hand_out_annotated
from intake.views.access import IMPORT_READERS, file_or_404
from pages.documents import XLSX
from pages.forms import ReasonForm, posted
from pages.permissions import for_roles
from pages.views.forms import Question, for_form, form_page
from workflow import selectors as work

if TYPE_CHECKING:
    from intake.kinds.files import ImportFile
    from pages.permissions import SignedRequest
    from workflow.models import Attachment


@for_form
@never_cache
@for_roles(IMPORT_READERS)
def annotated(request: SignedRequest, pk: int) -> HttpResponse:
    """The original as XLSX, faulty cells in red with comments, for a purpose that is recorded."""
    batch, file = file_or_404(request, pk)
    if not permissions.may_handle.allows(request.user, batch):
        raise PermissionDenied
    form = ReasonForm(posted(request))
    page = _question("下载批注版", batch.attachment.filename, reverse("intake:file", args=[pk]))
    return form_page(
        request, form, page, lambda: _annotated(request, file, form.cleaned_data["note"])
    )


def _question(title: str, filename: str, back: str) -> Question:
    return Question(
        title=title,
        button="下载",
        question="文件中有未遮盖的公民身份号码和联系电话，只能为办理本项业务下载，用后及时删除。",
        consequences=("须写明用途，并再次输入密码；", "下载人、时间和用途记入留痕记录。"),
        kicker=filename,
        cancel="不下载，返回",
        cancel_href=back,
    )


@reauthentication_required
def _annotated(request: SignedRequest, file: ImportFile, reason: str) -> HttpResponse:
    content = hand_out_annotated(file, reader=request.user, reason=reason)
    answer = HttpResponse(content, content_type=XLSX)
    name = file.batch.attachment.filename
    stem = quote(name.rpartition(".")[0] or name)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{stem}-{quote('批注')}.xlsx"
    return answer


@for_form
@never_cache
@login_required
def attachment(request: SignedRequest, pk: int) -> HttpResponse:
    """A file as it was handed in, for a purpose: never shown in the browser, always on the record."""
    row = get_object_or_404(work.attachments_in_scope(request.user), pk=pk)
    if not permissions.may_take.allows(request.user, row):
        raise PermissionDenied
    form = ReasonForm(posted(request))
    page = _question("下载原件", row.filename, reverse("portal:home"))
    return form_page(
        request, form, page, lambda: _handed_out(request, row, form.cleaned_data["note"])
    )


@reauthentication_required
def _handed_out(request: SignedRequest, row: Attachment, reason: str) -> HttpResponse:
    content = hand_out(row, reader=request.user, reason=reason)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.filename)}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
