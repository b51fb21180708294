"""Who is let in at which page, and the objects pages are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from academies.permissions import KEEPERS
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT
from pages.permissions import for_roles
from subsidies.models.funds import READERS
from subsidies.permissions import APPLICANTS, APPROVERS, FINANCE, PLANNERS
from subsidies.selectors.allocations import allocations_in_scope, payee_accounts_in_scope
from subsidies.selectors.claims import payouts_in_scope
from subsidies.selectors.money import (
    expenses_in_scope,
    funds_in_scope,
    grants_in_scope,
    payments_in_scope,
)
from subsidies.selectors.settlements import settlements_in_scope

if TYPE_CHECKING:
    from pages.permissions import SignedRequest
    from subsidies.models import (
        Allocation,
        Expense,
        Fund,
        Grant,
        PayeeAccount,
        Payment,
        Payout,
        Settlement,
    )

for_readers = for_roles(READERS)
for_oversight = for_roles(STAFF_AND_OVERSIGHT)
for_keepers = for_roles(KEEPERS)
for_planners = for_roles(PLANNERS)
for_approvers = for_roles(APPROVERS)
for_staff = for_roles(STAFF)
for_applicants = for_roles(APPLICANTS)
for_finance = for_roles(FINANCE)
for_staff_and_finance = for_roles(STAFF | FINANCE)


def fund_or_404(request: SignedRequest, pk: int) -> Fund:
    return get_object_or_404(funds_in_scope(request.user), pk=pk)


def grant_or_404(request: SignedRequest, pk: int) -> Grant:
    return get_object_or_404(grants_in_scope(request.user), pk=pk)


def payment_or_404(request: SignedRequest, pk: int) -> Payment:
    return get_object_or_404(payments_in_scope(request.user), pk=pk)


def expense_or_404(request: SignedRequest, pk: int) -> Expense:
    return get_object_or_404(expenses_in_scope(request.user), pk=pk)


def settlement_or_404(request: SignedRequest, pk: int) -> Settlement:
    return get_object_or_404(settlements_in_scope(request.user), pk=pk)


def payout_or_404(request: SignedRequest, pk: int) -> Payout:
    return get_object_or_404(payouts_in_scope(request.user), pk=pk)


def allocation_or_404(request: SignedRequest, pk: int) -> Allocation:
    return get_object_or_404(allocations_in_scope(request.user), pk=pk)


def payee_account_or_404(request: SignedRequest, pk: int) -> PayeeAccount:
    return get_object_or_404(payee_accounts_in_scope(request.user), pk=pk)
