"""The electronic invoice of an expense, compared with what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from pages.views.forms import FormPage, done, for_form, form_page
from subsidies.forms import InvoiceForm
from subsidies.permissions import may_prove_expense
from subsidies.services.invoices import compare_invoice
from subsidies.views.access import expense_or_404, for_keepers
from talents.services.scans import Scan

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_form
@for_keepers
def expense_invoice(request: SignedRequest, pk: int) -> HttpResponse:
    """Have the file read, show where it differs, and ask why."""
    row = expense_or_404(request, pk)
    may_prove_expense.check(request.user, row)
    form = InvoiceForm(*((request.POST, request.FILES) if request.method == "POST" else ()))

    def compare() -> HttpResponse:
        file = form.cleaned_data["file"]
        scan = Scan(file.read(), file.name)
        found = compare_invoice(pk, scan, actor=request.user, note=form.cleaned_data["note"])
        words = "电子发票与登记一致，原件已存" if not found else "原件已存，差异和说明已留痕"
        return done(request, words, "subsidies:expense", pk)

    own = reverse("subsidies:expense", args=[pk])
    page = FormPage(
        title="核对电子发票",
        button="读取并核对",
        kicker=row.academy.name,
        lead=f"登记：{row.invoice_number}，{row.payee}，{row.amount:,.2f}元，{row.spent_on}",
        trail=(("支出明细", reverse("subsidies:expenses")), (row.voucher, own)),
        cancel_href=own,
    )
    return form_page(request, form, page, compare)
