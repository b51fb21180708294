"""A file from preview to filing, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from intake import permissions, selectors, services
from intake.forms import DropForm, FindingForm
from intake.kinds import (
    sheet_of,
)
from intake.kinds.files import file_of
from intake.models import ImportBatch, ImportFinding
from intake.views.access import (
    IMPORT_READERS,
    address_of_file,
    file_or_404,
    subject_or_none,
)
from pages.forms import ReasonForm, posted
from pages.permissions import for_roles
from pages.tables.paging import CappedPaginator
from pages.views.forms import Question, done, form_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from intake.kinds.files import ImportFile
    from pages.permissions import SignedRequest


FINDINGS_A_PAGE = 50
ROWS_SHOWN = 20


@require_safe
@for_roles(IMPORT_READERS)
def file_page(request: SignedRequest, pk: int) -> HttpResponse:
    """What was found in each sheet, what may be done with the file, and what became of it."""
    named, file = file_or_404(request, pk)
    user, batch = request.user, file.sheet(request.GET.get("sheet", ""), named)
    asked = FindingForm(request.GET, codes=selectors.code_choices(batch))
    found = selectors.findings_with_names(batch, user).filter(**asked.chosen())
    page = CappedPaginator(found, FINDINGS_A_PAGE).get_page(request.GET.get("page"))
    sheet, reading = sheet_of(batch), file.unread
    is_filed = batch.status == batch.Status.COMMITTED
    context = {
        "file": file,
        "batch": batch,
        "sheet": sheet,
        "subject": subject_or_none(batch),
        "powers": permissions.offers(user, file),
        "tabs": _tabs(file, batch),
        "tiles": selectors.batch_tiles(batch, request.path),
        "form": asked,
        "page": page,
        "drop_form": _drop_form(asked, batch),
        "dropped": list(selectors.dropped_rows(batch, user)[:ROWS_SHOWN])
        if batch.dropped_count
        else [],
        "effects": list(selectors.effects_of(batch, user)[:ROWS_SHOWN]) if file.kind.whole else [],
        "entries": sheet.entries(batch, user) if is_filed and sheet.entries else [],
        "unread": reading,
        "reading_title": f"读取{sheet_of(reading).title}" if reading else "",
        "job": selectors.reading_job(reading, user) if reading else None,
        "accepted": sum(one.accepted_count for one in file.standing),
        "refused": file.refused_count,
    }
    return render(request, "intake/file.html", context)


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


def _drop_form(asked: FindingForm, batch: ImportBatch) -> DropForm | None:
    """The way to leave out all rows refused for the kind of fault that is being looked at."""
    code = asked.chosen().get("code", "")
    errors = ImportFinding.Severity.ERROR
    if not code or asked.chosen().get("severity") not in (None, errors):
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


@require_POST
@for_roles(IMPORT_READERS)
def discard(request: SignedRequest, pk: int) -> HttpResponse:
    """Give up what is not filed yet."""
    batch, _ = file_or_404(request, pk, to_work=True)
    services.discard(pk, actor=request.user)
    messages.success(request, f"已放弃“{batch.attachment.filename}”，没有写入任何数据")
    subject = subject_or_none(batch)
    return redirect(subject.href if subject else reverse("intake:imports"))


@require_http_methods(["GET", "HEAD", "POST"])
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
