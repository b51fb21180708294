"""What is printed of grants and of money for people, put together from what the reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.documents.reprinting import gives_papers
from subsidies.documents.bank import payout_paper
from subsidies.documents.grants import application_of, payment_order_of, statement_of
from subsidies.documents.settlement import settlement_paper
from subsidies.models import Grant, Payment, Payout, Settlement
from subsidies.selectors.allocations import account_in_use
from subsidies.selectors.claims import payouts_in_scope
from subsidies.selectors.money import (
    expenses_in_scope,
    grants_in_scope,
    payments_in_scope,
    projects_in_scope,
    whole_of,
)
from subsidies.selectors.settlements import (
    adjusted_to,
    adjustments_of,
    bounced_after,
    settlements_in_scope,
    spent_by_use,
)
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.models import User
    from pages.documents.paper import Paper

#: More on one paper nobody reads; a list of more is exported.
MOST_ON_PAPER = 1_000


def application_for(user: User, row: Grant) -> Paper:
    """申报表, of all grants of one application."""
    whole = whole_of(row, user) or [row]
    projects = projects_in_scope(user).filter(grant__in=whole).order_by("grant", "pk")
    return application_of(whole, list(projects))


def statement_for(user: User, row: Grant) -> Paper:
    """支出明细表; refused with ``too-many-to-print`` where it would be a book."""
    of_it = {"academy": row.academy_id, "fund": row.fund_id}
    rows = expenses_in_scope(user).filter(**of_it).order_by("spent_on", "pk")
    chosen = list(rows[: MOST_ON_PAPER + 1])
    if len(chosen) > MOST_ON_PAPER:
        message = f"支出超过{MOST_ON_PAPER}笔，请在支出明细中导出。"
        raise DomainError("too-many-to-print", message)
    return statement_of(row, chosen)


def payment_order_for(user: User, row: Payment) -> Paper:
    """拨款单 of an instalment: to the account it was ordered to, or would be."""
    is_planned = row.state == Payment.State.PLANNED
    account = account_in_use(row.grant.academy, user) if is_planned else row.payee_account
    return payment_order_of(row, account)


def settlement_for(user: User, row: Settlement) -> Paper:
    """决算表 of a grant's year."""
    uses, adjusted = spent_by_use(row.grant, user), adjustments_of(row.grant, user)
    now, bounced = adjusted_to(row, user), bounced_after(row, user)
    return settlement_paper(row, uses, adjusted, now, bounced)


@gives_papers(Grant, grants_in_scope)
def of_a_grant(user: User, row: Grant) -> Iterator[Paper]:
    yield application_for(user, row)
    yield statement_for(user, row)


@gives_papers(Payment, payments_in_scope)
def of_a_payment(user: User, row: Payment) -> Iterator[Paper]:
    yield payment_order_for(user, row)


@gives_papers(Settlement, settlements_in_scope)
def of_a_settlement(user: User, row: Settlement) -> Iterator[Paper]:
    yield settlement_for(user, row)


@gives_papers(Payout, payouts_in_scope)
def of_a_payout(user: User, row: Payout) -> Iterator[Paper]:
    yield payout_paper(row)
