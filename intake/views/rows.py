"""Refused rows: put right, or left out with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from intake import selectors, services
from intake.forms import DropForm, RowForm
from intake.kinds import (
    sheet_of,
)
from intake.views.access import (
    IMPORT_READERS,
    address_of_file,
    file_or_404,
    row_or_404,
    subject_or_none,
)
from pages.forms import ReasonForm, posted
from pages.permissions import for_roles
from pages.views.forms import FormPage, for_form, form_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from intake.models import ImportBatch, ImportRow
    from pages.permissions import SignedRequest


NO_REASON = "请写明不再处理的事由（至少4个字）"


@for_form
@never_cache
@for_roles(IMPORT_READERS)
def row_page(request: SignedRequest, pk: int, line: int) -> HttpResponse:
    """Put one row right; it is judged again by the very same checks."""
    batch, row, findings = row_or_404(request, pk, line)
    form = RowForm(posted(request), batch=batch, row=row, findings=findings)
    subject, back = subject_or_none(batch), address_of_file(batch)

    def put_right() -> HttpResponse:
        corrected = services.correct_row(pk, line, form.correction(), actor=request.user)
        return _corrected(request, batch, corrected)

    page = FormPage(
        title=row.cells[sheet_of(batch).name_place] or "（未填）",
        button="更正并入库" if batch.status == batch.Status.COMMITTED else "保存更正",
        trail=(*(subject.trail if subject else ()), ("导入批次", back)),
        here="更正",
        kicker=batch.sheet,
        lead="更正后按同一套规则重新检查；更正只改这里，不改原件。",
        cancel_href=back,
        template="intake/row.html",
        context={"batch": batch, "row": row, "drop_form": ReasonForm()},
    )
    return form_page(request, form, page, put_right)


def _corrected(request: SignedRequest, batch: ImportBatch, row: ImportRow) -> HttpResponse:
    faults = selectors.findings_of(batch, request.user).filter(line=row.line, severity="error")
    if faults.exists():
        messages.warning(request, f"第{row.line}行已保存，仍有需要更正之处")
        return redirect("intake:row", batch.pk, row.line)
    done = "并入库" if row.outcome == row.Outcome.COMMITTED else "，将随本批次一并入库"
    messages.success(request, f"第{row.line}行已更正{done}")
    return redirect(address_of_file(batch))


@require_POST
@for_roles(IMPORT_READERS)
def drop(request: SignedRequest, pk: int, line: int) -> HttpResponse:
    """Leave one row out for good, with a reason."""
    batch, _, _ = row_or_404(request, pk, line)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, NO_REASON)
        return redirect("intake:row", pk, line)
    services.drop_row(pk, line, actor=request.user, note=form.cleaned_data["note"])
    messages.success(request, f"第{line}行不再处理，事由已记录")
    return redirect(address_of_file(batch))


@require_POST
@for_roles(IMPORT_READERS)
def drop_all(request: SignedRequest, pk: int) -> HttpResponse:
    """Leave out all rows that were refused for one kind of fault, with a reason."""
    batch, _ = file_or_404(request, pk, to_work=True)
    form = DropForm(request.POST)
    if not form.is_valid():
        messages.error(request, NO_REASON)
        return redirect(address_of_file(batch))
    cleaned = form.cleaned_data
    count = services.drop_rows(pk, cleaned["code"], actor=request.user, note=cleaned["note"])
    messages.success(request, f"{count}行不再处理，事由已记录")
    return redirect(address_of_file(batch))
