"""The originals of an expense: added by who keeps the account, looked at beside the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from intake.services.originals import content_of
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.papers import file_answer
from subsidies.forms import EvidenceForm
from subsidies.permissions import may_prove_expense
from subsidies.selectors.money import evidence_in_scope
from subsidies.services.evidence import add_evidence
from subsidies.views.access import expense_or_404, for_keepers, for_readers
from talents.services.scans import MEDIA_TYPES, Scan

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_form
@for_keepers
def evidence_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Add a scan to an expense."""
    row = expense_or_404(request, pk)
    may_prove_expense.check(request.user, row)
    form = EvidenceForm(*((request.POST, request.FILES) if request.method == "POST" else ()))

    def add() -> HttpResponse:
        file = form.cleaned_data["file"]
        scan = Scan(file.read(), file.name)
        add_evidence(pk, form.cleaned_data["kind"], scan, actor=request.user)
        return done(request, "凭证原件已上传", "subsidies:expense", pk)

    own = reverse("subsidies:expense", args=[pk])
    page = FormPage(
        title="上传凭证原件",
        button="上传",
        kicker=row.academy.name,
        lead=f"{row.payee}，{row.amount:,.2f}元，{row.voucher}。上传后不能替换或删除。",
        trail=(("支出明细", reverse("subsidies:expenses")), (row.voucher, own)),
        cancel_href=own,
    )
    return form_page(request, form, page, add)


@require_safe
@never_cache
@for_readers
def evidence(request: SignedRequest, pk: int) -> HttpResponse:
    """One original, as it was uploaded: looked at, or (XML, OFD) saved; it can do nothing else."""
    row = get_object_or_404(evidence_in_scope(request.user), pk=pk)
    file = row.attachment
    is_shown = file.kind in MEDIA_TYPES
    kind = MEDIA_TYPES[file.kind] if is_shown else "application/octet-stream"
    answer = file_answer(content_of(file), file.filename, kind, is_saved=not is_shown)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
