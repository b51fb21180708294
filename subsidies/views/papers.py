"""The papers of a grant and of money for people, each as PDF, DOCX and XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from pages.views.papers import paper_leaves
from subsidies.documents.bank import payout_paper
from subsidies.documents.printing import (
    application_for,
    payment_order_for,
    settlement_for,
    statement_for,
)
from subsidies.views.access import (
    for_oversight,
    for_readers,
    grant_or_404,
    payment_or_404,
    payout_or_404,
    settlement_or_404,
)

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@require_safe
@for_readers
def application(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """申报表 of a grant."""
    row = grant_or_404(request, pk)
    name, body = f"申报表-{row.academy.name}", row.academy.organization
    return paper_leaves(request, application_for(request.user, row), name, kind, organization=body)


@require_safe
@for_readers
def statement(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """支出明细表 of a grant."""
    row = grant_or_404(request, pk)
    name, body = f"支出明细表-{row.academy.name}", row.academy.organization
    return paper_leaves(request, statement_for(request.user, row), name, kind, organization=body)


@require_safe
@for_readers
def payment_order(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """拨款单 of an instalment."""
    row = payment_or_404(request, pk)
    name = f"拨款单-{row.grant.academy.name}-第{row.position}期"
    paper, body = payment_order_for(request.user, row), row.grant.academy.organization
    return paper_leaves(request, paper, name, kind, organization=body)


@require_safe
@for_readers
def settlement(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """决算表 of a grant's year."""
    row = settlement_or_404(request, pk)
    name, body = f"决算表-{row.grant.number}", row.grant.academy.organization
    return paper_leaves(request, settlement_for(request.user, row), name, kind, organization=body)


@require_safe
@for_oversight
def payout(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """付款清单, account numbers by their last digits."""
    row = payout_or_404(request, pk)
    name, body = f"付款清单-{row.number}", row.fund.organization
    return paper_leaves(request, payout_paper(row), name, kind, organization=body)
