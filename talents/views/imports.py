"""A workbook from upload to filing: preview, commit, corrections, the original with its faults marked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from intake import imports
from intake.forms import FindingForm
from intake.imports import Upload, overview
from intake.imports.reports import hand_out_annotated
from intake.spreadsheets.guard import refuse_size
from pages.access import for_roles
from pages.forms import ReasonForm
from pages.paging import CappedPaginator
from talents.forms.imports import DropForm, RevertForm, RowForm, UploadForm
from talents.imports import NOMINATIONS
from talents.imports import batches as selectors
from talents.imports.checks import TITLES
from talents.selectors.obstacles import closed_obstacle
from talents.views.doors import for_readers, posted, round_or_404
from workflow.errors import DomainError
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from intake.models import ImportBatch, ImportFinding, ImportRow

FINDINGS_A_PAGE = 50
REFUSED_STATUS = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
for_uploaders = for_roles(NOMINATIONS.roles)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_uploaders
def import_upload(request: HttpRequest, code: str) -> HttpResponse:
    """Hand in a workbook for a round."""
    selection = round_or_404(request, code)
    if obstacle := closed_obstacle(selection, actor=request.user):
        raise obstacle
    bodies = selectors.bodies_that_import(request.user, selection)
    if not bodies:
        message = f"您所在的组织不在“{selection.organizer}”范围内，不能为本轮次导入汇总表"
        raise DomainError("unit-outside-round", message)
    form = UploadForm(request.POST or None, request.FILES or None, bodies=bodies)
    status = 200
    if request.method == "POST":
        status = REFUSED_STATUS
        if form.is_valid():
            try:
                return _received(request, form, subject_of(selection))
            except DomainError as refusal:
                form.add_error("file", refusal.message)
    context = {"round": selection, "form": form, "body": bodies[0] if len(bodies) == 1 else None}
    return render(request, "talents/import_upload.html", context, status=status)


def _received(request: HttpRequest, form: UploadForm, subject: str) -> HttpResponse:
    file = form.cleaned_data["file"]
    refuse_size(file.size)
    upload = Upload(file.read(), file.name, subject, form.organization(), request.user)
    receipt = imports.receive(upload, NOMINATIONS)
    if not receipt.is_new:
        messages.info(request, "同一文件此前已经上传，这是已有的批次，没有任何改变")
    return redirect("talents:import-batch", receipt.batch.pk)


@require_safe
@for_readers
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found in the workbook, what may be done with it, and what became of it."""
    batch, user = _batch_or_404(request, pk), request.user
    if batch.status in {batch.Status.READING, batch.Status.UNREADABLE}:
        return _reading(request, batch)
    asked = FindingForm(request.GET, codes=overview.code_choices(batch, TITLES))
    found = selectors.findings_for_list(batch, user).filter(**asked.chosen())
    page = CappedPaginator(found, FINDINGS_A_PAGE).get_page(request.GET.get("page"))
    is_filed = batch.status == batch.Status.COMMITTED
    context = {
        "batch": batch,
        "round": selectors.round_of_batch(batch, user),
        "powers": overview.powers_over_batch(batch, user),
        "tiles": overview.batch_tiles(batch, request.path),
        "form": asked,
        "page": page,
        "filed": list(selectors.filed_from(batch, user)) if is_filed else [],
        "dropped": list(overview.dropped_rows(batch, user)[:20]) if batch.dropped_count else [],
    }
    return render(request, "talents/import_batch.html", context)


def _reading(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    context = {
        "batch": batch,
        "round": selectors.round_of_batch(batch, request.user),
        "powers": overview.powers_over_batch(batch, request.user),
        "job": overview.reading_job(batch, request.user),
    }
    return render(request, "talents/import_progress.html", context)


@require_safe
@for_readers
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the reading of a big workbook has come; the page asks again until it is over."""
    return _reading(request, _batch_or_404(request, pk))


@require_POST
@for_uploaders
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """File the standing rows."""
    batch = imports.commit(_batch_or_404(request, pk).pk, actor=request.user)
    left = f"；退回的{batch.refused_count}行可逐行更正后入库" if batch.refused_count else ""
    messages.success(request, f"已入库{batch.accepted_count}行{left}")
    return redirect("talents:import-batch", pk)


@require_POST
@for_uploaders
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the batch up; nothing of it was filed."""
    batch = imports.discard(_batch_or_404(request, pk).pk, actor=request.user)
    messages.success(request, f"已放弃“{batch.attachment.filename}”，没有写入任何推荐")
    selection = selectors.round_of_batch(batch, request.user)
    if selection is None:
        return redirect("talents:rounds")
    return redirect("talents:round", selection.code)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_uploaders
def import_revert(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole batch back, after asking."""
    batch = _batch_or_404(request, pk)
    form = RevertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        imports.revert(pk, actor=request.user, note=form.cleaned_data["note"])
        messages.success(request, "本批次已撤销，入库的推荐已全部撤下")
        return redirect("talents:import-batch", pk)
    context = {
        "batch": batch,
        "round": selectors.round_of_batch(batch, request.user),
        "form": form,
        "cancel_href": reverse("talents:import-batch", args=[pk]),
    }
    return render(request, "talents/import_revert.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_uploaders
def import_row(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Put one row right; it is judged again by the very same checks."""
    batch, row, findings = _row_or_404(request, pk, line)
    form = RowForm(request.POST or None, batch=batch, row=row, findings=findings)
    if request.method == "POST" and form.is_valid():
        try:
            corrected = imports.correct_row(pk, line, form.correction(), actor=request.user)
        except DomainError as refusal:
            if refusal.code != "edited-meanwhile":
                raise
            form.add_error(None, refusal.message)
        else:
            return _corrected(request, batch, corrected)
    context = {
        "batch": batch,
        "row": row,
        "round": selectors.round_of_batch(batch, request.user),
        "form": form,
        "drop_form": DropForm(),
        "name": row.cells[NOMINATIONS.place(NOMINATIONS.person_name)],
    }
    return render(request, "talents/import_row.html", context)


def _corrected(request: HttpRequest, batch: ImportBatch, row: ImportRow) -> HttpResponse:
    if overview.findings_of(batch, request.user).filter(line=row.line, severity="error").exists():
        messages.warning(request, f"第{row.line}行已保存，仍有需要更正之处")
        return redirect("talents:import-row", batch.pk, row.line)
    done = "并入库" if row.outcome == row.Outcome.COMMITTED else "，将随本批次一并入库"
    messages.success(request, f"第{row.line}行已更正{done}")
    return redirect("talents:import-batch", batch.pk)


@require_POST
@for_uploaders
def import_drop(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Leave one row out for good, with a reason."""
    _row_or_404(request, pk, line)
    form = DropForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写明不再处理该行的理由（至少4个字）")
        return redirect("talents:import-row", pk, line)
    imports.drop_row(pk, line, actor=request.user, note=form.cleaned_data["note"])
    messages.success(request, f"第{line}行不再处理，理由已记录")
    return redirect("talents:import-batch", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_uploaders
def import_annotated(request: HttpRequest, pk: int) -> HttpResponse:
    """The original as XLSX, faulty cells in red with comments, for a purpose that is recorded."""
    batch = _batch_or_404(request, pk)
    if not imports.may_handle(request.user, batch):
        raise PermissionDenied
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _annotated(request, batch, form.cleaned_data["note"])
    context = {
        "title": "下载批注版",
        "filename": batch.attachment.filename,
        "form": form,
        "cancel_href": reverse("talents:import-batch", args=[pk]),
    }
    return render(request, "intake/take_out.html", context)


@reauthentication_required
def _annotated(request: HttpRequest, batch: ImportBatch, reason: str) -> HttpResponse:
    content = hand_out_annotated(batch, reader=request.user, reason=reason)
    answer = HttpResponse(content, content_type=XLSX)
    stem = batch.attachment.filename.rpartition(".")[0] or batch.attachment.filename
    answer["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(stem)}-{quote('批注')}.xlsx"
    )
    return answer


def _batch_or_404(request: HttpRequest, pk: int) -> ImportBatch:
    return get_object_or_404(overview.batches_in_scope(request.user, NOMINATIONS), pk=pk)


def _row_or_404(
    request: HttpRequest, pk: int, line: int
) -> tuple[ImportBatch, ImportRow, list[ImportFinding]]:
    batch = _batch_or_404(request, pk)
    row = overview.rows_of(batch, request.user, {line}).get(line)
    if row is None:
        raise Http404
    return batch, row, list(overview.findings_of(batch, request.user).filter(line=line))
