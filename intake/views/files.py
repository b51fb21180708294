"""A file from preview to filing, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.forms import Form
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from intake import permissions, selectors, services
from intake.forms import DropForm
from intake.kinds import cautions_of, sheet_of
from intake.kinds.files import file_of
from intake.models import ImportBatch, ImportFinding
from intake.tables import FileFindingTable
from intake.views.access import (
    IMPORT_READERS,
    address_of_file,
    file_or_404,
    subject_or_none,
)
from pages.forms import ReasonForm, posted
from pages.permissions import for_roles
from pages.views.forms import Question, done, for_form, form_page
from pages.views.lists import list_page

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

    from intake.kinds.files import ImportFile
    from pages.permissions import SignedRequest


ROWS_SHOWN = 20


@for_roles(IMPORT_READERS)
@list_page("intake/file.html")
def file_page(request: SignedRequest, pk: int) -> FileFindingTable:
    """What was found in each sheet, what may be done with the file, and what became of it."""
    named, file = file_or_404(request, pk)
    batch = file.sheet(request.GET.get("sheet", ""), named)
    powers = permissions.offers(request.user, file)
    table = FileFindingTable(request, batch=batch, corrects=powers.get("corrects", False))
    table.context = lambda: _around(table, file, powers)  # type: ignore[method-assign]
    return table


def _around(table: FileFindingTable, file: ImportFile, powers: dict[str, bool]) -> dict[str, Any]:
    """What stands around the findings of a sheet."""
    user, batch = table.user, table.batch
    sheet, reading = sheet_of(batch), file.unread
    is_filed = batch.status == batch.Status.COMMITTED
    return {
        "file": file,
        "batch": batch,
        "sheet": sheet,
        "subject": subject_or_none(batch),
        "powers": powers,
        "tabs": _tabs(file, batch),
        "tiles": selectors.batch_tiles(batch, table.request.path),
        "drop_form": _drop_form(table.filter.conditions, batch),
        "dropped": list(selectors.dropped_rows(batch, user)[:ROWS_SHOWN])
        if batch.dropped_count
        else [],
        "effects": list(selectors.effects_of(batch, user)[:ROWS_SHOWN]) if file.kind.whole else [],
        "entries": sheet.entries(batch, user) if is_filed and sheet.entries else [],
        "cautions": cautions_of(batch),
        "unread": reading,
        "reading_title": f"读取{sheet_of(reading).title}" if reading else "",
        "job": selectors.reading_job(reading, user) if reading else None,
        "accepted": sum(one.accepted_count for one in file.standing),
        "refused": file.refused_count,
    }


def _tabs(file: ImportFile, current: ImportBatch) -> list[dict[str, object]]:
    """One for each sheet of a workbook of several."""
    if len(file.batches) == 1:
        return []
    return [
        {
            "label": batch.sheet or sheet_of(batch).title,
            "href": f"?sheet={sheet_of(batch).code}",
            "count": batch.refused_count + batch.warning_count,
            "is_current": batch.pk == current.pk,
        }
        for batch in file.batches
    ]


def _drop_form(conditions: dict[str, str], batch: ImportBatch) -> DropForm | None:
    """The way to leave out all rows refused for the kind of fault that is being looked at."""
    code, severity = conditions.get("code", ""), conditions.get("severity")
    if not code or severity not in {None, ImportFinding.Severity.ERROR}:
        return None
    return DropForm(initial={"code": code}) if batch.refused_count else None


@require_POST
@for_roles(IMPORT_READERS)
def commit(request: SignedRequest, pk: int) -> HttpResponse:
    """File the standing rows of every sheet."""
    _, file = file_or_404(request, pk, to_work=True)
    services.commit(pk, actor=request.user)
    file = file_of(file.batch)
    left = file.refused_count
    mending = f"；退回的{left}行可逐行更正后入库" if left else ""
    messages.success(request, f"已入库{file.counted}{mending}")
    return redirect("intake:file", file.batch.pk)


@for_form
@for_roles(IMPORT_READERS)
def discard(request: SignedRequest, pk: int) -> HttpResponse:
    """Give up a file of which nothing is filed yet, after saying what goes and what stays."""
    batch, file = file_or_404(request, pk, to_work=True)
    permissions.may_discard.check(request.user, file)
    form, subject, name = Form(posted(request)), subject_or_none(batch), batch.attachment.filename

    def give_up() -> HttpResponse:
        services.discard(pk, actor=request.user)
        messages.success(request, f"已放弃“{name}”，没有写入任何数据")
        return redirect(subject.href if subject else reverse("intake:imports"))

    rows = sum(one.row_count for one in file.batches)
    page = Question(
        title="放弃本批次",
        here="放弃",
        question=f"放弃“{name}”吗？",
        consequences=(
            f"读出的{rows}行和已在线更正的内容删除，不入库；",
            "原件加密留存，上传、更正和放弃的办理记录留存；",
            "需要时可重新上传同一文件，从头检查。",
        ),
        tone="bad",
        cancel="不放弃，返回",
        trail=(*(subject.trail if subject else ()), ("导入批次", address_of_file(batch))),
        kicker=name,
        cancel_href=reverse("intake:file", args=[pk]),
    )
    return form_page(request, form, page, give_up)


@for_form
@never_cache
@for_roles(IMPORT_READERS)
def revert(request: SignedRequest, pk: int) -> HttpResponse:
    """Take the whole file back, after asking."""
    batch, file = file_or_404(request, pk, to_work=True)
    form = ReasonForm(posted(request))

    def take_back() -> HttpResponse:
        services.revert(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "本批次已撤销，入库的数据已全部撤下", "intake:file", pk)

    subject, name, here = subject_or_none(batch), batch.attachment.filename, address_of_file(batch)
    page = Question(
        title="撤销本批次",
        here="撤销",
        question=f"撤下由“{name}”入库的全部{file.counted}吗？",
        consequences=(
            *file.kind.consequences,
            "入库后有改动的，不能整批撤销，会告诉您是哪几行；",
            "原件和办理记录留存，改好后可重新上传。",
        ),
        tone="bad",
        trail=(*(subject.trail if subject else ()), ("导入批次", here)),
        kicker=name,
        cancel_href=reverse("intake:file", args=[pk]),
    )
    return form_page(request, form, page, take_back)
