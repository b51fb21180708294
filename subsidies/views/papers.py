"""The papers of a grant and of money for people, each as PDF, DOCX and XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from pages.views.papers import paper_answer
from subsidies.documents.bank import payout_paper
from subsidies.documents.grants import application_of, payment_order_of, statement_of
from subsidies.documents.settlement import settlement_paper
from subsidies.selectors.allocations import account_in_use
from subsidies.selectors.money import expenses_in_scope, projects_in_scope, whole_of
from subsidies.selectors.settlements import spent_by_use
from subsidies.views.access import (
    for_oversight,
    for_readers,
    grant_or_404,
    payment_or_404,
    payout_or_404,
    settlement_or_404,
)
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

#: More on one paper nobody reads; a list of more is exported.
MOST_ON_PAPER = 1_000


@require_safe
@for_readers
def application(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """申报表 of a grant."""
    row = grant_or_404(request, pk)
    whole = whole_of(row, request.user) or [row]
    projects = projects_in_scope(request.user).filter(grant__in=whole).order_by("grant", "pk")
    return paper_answer(application_of(whole, list(projects)), f"申报表-{row.academy.name}", kind)


@require_safe
@for_readers
def statement(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """支出明细表 of a grant."""
    row = grant_or_404(request, pk)
    of_it = {"academy": row.academy_id, "fund": row.fund_id}
    rows = expenses_in_scope(request.user).filter(**of_it).order_by("spent_on", "pk")
    chosen = list(rows[: MOST_ON_PAPER + 1])
    if len(chosen) > MOST_ON_PAPER:
        message = f"支出超过{MOST_ON_PAPER}笔，请在支出明细中导出。"
        raise DomainError("too-many-to-print", message)
    return paper_answer(statement_of(row, chosen), f"支出明细表-{row.academy.name}", kind)


@require_safe
@for_readers
def payment_order(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """拨款单 of an instalment."""
    row = payment_or_404(request, pk)
    name = f"拨款单-{row.grant.academy.name}-第{row.position}期"
    return paper_answer(
        payment_order_of(row, account_in_use(row.grant.academy, request.user)), name, kind
    )


@require_safe
@for_readers
def settlement(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """决算表 of a grant's year."""
    row = settlement_or_404(request, pk)
    paper = settlement_paper(row, spent_by_use(row.grant, request.user))
    return paper_answer(paper, f"决算表-{row.grant.number}", kind)


@require_safe
@for_oversight
def payout(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """付款清单, account numbers by their last digits."""
    row = payout_or_404(request, pk)
    return paper_answer(payout_paper(row), f"付款清单-{row.number}", kind)
