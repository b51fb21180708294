"""A training workbook from upload to filing: both sheets previewed, committed and mended together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academies.imports import CLASSES, ROSTER
from academies.imports.checks import TITLES
from academies.imports.pairs import (
    Workbook,
    commit_workbook,
    discard_workbook,
    revert_workbook,
    workbook_of,
)
from academies.imports.subjects import academy_and_year, check_keeper, check_year
from academies.services.workbooks import receive_workbook, upload_of
from academies.views.doors import academy_or_404, for_keepers, for_readers
from intake import imports
from intake.forms import FindingForm, RowForm, WorkbookForm
from intake.imports import overview
from intake.imports.reports import hand_out_annotated
from intake.models import ImportBatch
from intake.spreadsheets.guard import refuse_size
from pages.forms import ReasonForm
from pages.paging import CappedPaginator
from workflow.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from intake.models import ImportFinding, ImportRow

FINDINGS_A_PAGE = 50
REFUSED_STATUS = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Status = ImportBatch.Status


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_keepers
def workbook_upload(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Hand in the training workbook of an academy's year."""
    academy = academy_or_404(request, code)
    check_keeper(academy, request.user)
    check_year(academy, year)
    form, status = WorkbookForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = REFUSED_STATUS
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                refuse_size(file.size)
                upload = upload_of(
                    file.read(), file.name, academy=academy, year=year, actor=request.user
                )
                book = receive_workbook(upload)
            except DomainError as refusal:
                form.add_error("file", refusal.message)
            else:
                if not book.is_new:
                    messages.info(request, "同一文件此前已经上传，这是已有的批次，没有任何改变")
                return redirect("academies:workbook", book.roster.pk)
    context = {"academy": academy, "year": year, "form": form}
    return render(request, "academies/workbook_upload.html", context, status=status)


@require_safe
@for_readers
def workbook_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found in both sheets, what may be done with them, and what became of them."""
    book = _workbook_or_404(request, pk)
    return render(request, "academies/workbook.html", _context(request, book, pk))


def _context(request: HttpRequest, book: Workbook, pk: int) -> dict[str, Any]:
    user, academy_year = request.user, academy_and_year(book.roster.subject)
    powers = [overview.powers_over_batch(batch, user) for batch in book.batches]
    named = request.GET.get("sheet") or ("classes" if book.classes.pk == pk else "roster")
    sheet = "classes" if named == "classes" else "roster"
    shown = book.classes if sheet == "classes" else book.roster
    asked = FindingForm(request.GET, codes=overview.code_choices(shown, TITLES))
    found = overview.findings_of(shown, user).filter(**asked.chosen())
    page = CappedPaginator(found, FINDINGS_A_PAGE).get_page(request.GET.get("page"))
    is_reading = book.roster.status in {Status.READING, Status.UNREADABLE}
    return {
        "academy": academy_year.academy,
        "year": academy_year.year,
        "book": book,
        "batch": shown,
        "sheet": sheet,
        "tabs": [_tab(book.classes, "classes", sheet), _tab(book.roster, "roster", sheet)],
        "tiles": overview.batch_tiles(shown, request.path),
        "form": asked,
        "page": page,
        "faults": _with_names(list(page), shown, request),
        "dropped": list(overview.dropped_rows(shown, user)[:20]),
        "job": overview.reading_job(book.roster, user) if is_reading else None,
        "accepted": sum(
            batch.accepted_count for batch in book.batches if batch.status == Status.STAGED
        ),
        "takes": imports.may_handle(user, book.roster),
        "commits": not is_reading and any(power.commits for power in powers),
        "discards": any(power.discards for power in powers),
        "reverts": any(power.reverts for power in powers),
        "corrects": any(power.corrects for power in powers),
    }


def _tab(batch: ImportBatch, sheet: str, current: str) -> dict[str, Any]:
    label = batch.sheet or ("培训班" if sheet == "classes" else "学员名册")
    return {
        "label": label,
        "href": f"?sheet={sheet}",
        "count": batch.refused_count + batch.warning_count,
        "is_current": sheet == current,
    }


def _with_names(
    findings: list[ImportFinding], batch: ImportBatch, request: HttpRequest
) -> list[tuple[ImportFinding, str]]:
    """Each finding with what the row is about: the person, or the class."""
    kind = imports.kind_of(batch)
    place = kind.place(kind.person_name or "class_number")
    rows = overview.rows_of(batch, request.user, {finding.line for finding in findings})
    return [(f, rows[f.line].cells[place] if f.line in rows else "") for f in findings]


@require_POST
@for_keepers
def workbook_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """File the standing rows of both sheets."""
    book = _workbook_or_404(request, pk)
    commit_workbook(book, actor=request.user)
    book = _workbook_or_404(request, pk)
    left = sum(batch.refused_count for batch in book.batches)
    told = f"已入库培训班{book.classes.accepted_count}期、学员{book.roster.accepted_count}人次"
    messages.success(request, told + (f"；退回的{left}行可逐行更正后入库" if left else ""))
    return redirect("academies:workbook", pk)


@require_POST
@for_keepers
def workbook_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up what is not filed yet."""
    book = _workbook_or_404(request, pk)
    discard_workbook(book, actor=request.user)
    academy, year = academy_and_year(book.roster.subject)
    messages.success(request, f"已放弃“{book.roster.attachment.filename}”，没有写入任何数据")
    return redirect("academies:year", academy.code, year)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_keepers
def workbook_revert(request: HttpRequest, pk: int) -> HttpResponse:
    """Take all back that the workbook filed, after asking; the roster before its classes."""
    book = _workbook_or_404(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revert_workbook(book, actor=request.user, note=form.cleaned_data["note"])
        messages.success(request, "已撤销，入库的培训班和学员记录已全部撤下")
        return redirect("academies:workbook", pk)
    academy, year = academy_and_year(book.roster.subject)
    context = {
        "academy": academy,
        "year": year,
        "form": form,
        "question": f"撤下由“{book.roster.attachment.filename}”入库的全部记录吗？",
        "consequences": (
            "培训班、学员记录一并撤下，年度指标随之减少；",
            "因本批次才建立、别处没有用到的人员档案同时删除；",
            "入库后更正过的，不能整批撤销，会告诉您是哪几行；",
            "原件和办理记录留存，改好后可重新上传。",
        ),
        "action": "撤销本批次",
        "cancel_href": reverse("academies:workbook", args=[pk]),
    }
    return render(request, "academies/remove.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_keepers
def workbook_row(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Put one row of one sheet right; it is judged again by the very same checks."""
    batch, row, findings = _row_or_404(request, pk, line)
    kind = imports.kind_of(batch)
    form = RowForm(request.POST or None, kind=kind, batch=batch, row=row, findings=findings)
    if request.method == "POST" and form.is_valid():
        try:
            corrected = imports.correct_row(pk, line, form.correction(), actor=request.user)
        except DomainError as refusal:
            if refusal.code != "edited-meanwhile":
                raise
            form.add_error(None, refusal.message)
        else:
            return _corrected(request, batch, corrected)
    academy, year = academy_and_year(batch.subject)
    context = {
        "academy": academy,
        "year": year,
        "batch": batch,
        "row": row,
        "form": form,
        "drop_form": ReasonForm(),
        "name": row.cells[kind.place(kind.person_name or "class_number")],
        "back_href": _address(batch),
    }
    return render(request, "academies/workbook_row.html", context)


def _corrected(request: HttpRequest, batch: ImportBatch, row: ImportRow) -> HttpResponse:
    faults = overview.findings_of(batch, request.user).filter(line=row.line, severity="error")
    if faults.exists():
        messages.warning(request, f"第{row.line}行已保存，仍有需要更正之处")
        return redirect("academies:workbook-row", batch.pk, row.line)
    done = "并入库" if row.outcome == row.Outcome.COMMITTED else "，将随本批次一并入库"
    messages.success(request, f"第{row.line}行已更正{done}")
    return redirect(_address(batch))


@require_POST
@for_keepers
def workbook_drop(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Leave one row out for good, with a reason."""
    batch, _, _ = _row_or_404(request, pk, line)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写明不再处理该行的理由（至少4个字）")
        return redirect("academies:workbook-row", pk, line)
    imports.drop_row(pk, line, actor=request.user, note=form.cleaned_data["note"])
    messages.success(request, f"第{line}行不再处理，理由已记录")
    return redirect(_address(batch))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_keepers
def workbook_annotated(request: HttpRequest, pk: int) -> HttpResponse:
    """The original as XLSX, faulty cells of both sheets in red, for a purpose that is recorded."""
    book = _workbook_or_404(request, pk)
    if not imports.may_handle(request.user, book.roster):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _annotated(request, book, form.cleaned_data["note"])
    context = {
        "title": "下载批注版",
        "filename": book.roster.attachment.filename,
        "form": form,
        "cancel_href": reverse("academies:workbook", args=[pk]),
    }
    return render(request, "intake/take_out.html", context)


@reauthentication_required
def _annotated(request: HttpRequest, book: Workbook, reason: str) -> HttpResponse:
    content = hand_out_annotated(book.roster, book.classes, reader=request.user, reason=reason)
    answer = HttpResponse(content, content_type=XLSX)
    name = book.roster.attachment.filename
    stem = quote(name.rpartition(".")[0] or name)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{stem}-{quote('批注')}.xlsx"
    return answer


def _workbook_or_404(request: HttpRequest, pk: int) -> Workbook:
    """The workbook that one of its two sheets is named of; each of them leads to the same page."""
    rows = overview.batches_in_scope(request.user, CLASSES, ROSTER)
    try:
        return workbook_of(get_object_or_404(rows, pk=pk))
    except ImportBatch.DoesNotExist as error:
        raise Http404 from error


def _row_or_404(
    request: HttpRequest, pk: int, line: int
) -> tuple[ImportBatch, ImportRow, list[ImportFinding]]:
    batch = get_object_or_404(overview.batches_in_scope(request.user, CLASSES, ROSTER), pk=pk)
    row = overview.rows_of(batch, request.user, {line}).get(line)
    if row is None:
        raise Http404
    findings = overview.findings_of(batch, request.user).filter(line=line)
    return batch, row, list(findings)


def _address(batch: ImportBatch) -> str:
    """The page of the workbook, at the sheet of this batch."""
    sheet = "classes" if batch.kind == CLASSES.name else "roster"
    return reverse("academies:workbook", args=[workbook_of(batch).roster.pk]) + f"?sheet={sheet}"
