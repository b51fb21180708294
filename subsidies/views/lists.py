"""The lists of money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.views.lists import list_page
from subsidies.tables import EntryTable, ExpenseTable, FundTable, GrantTable, PaymentTable
from subsidies.views.access import for_oversight, for_readers

if TYPE_CHECKING:
    from pages.permissions import SignedRequest


@for_oversight
@list_page()
def fund_list(request: SignedRequest) -> FundTable:
    """Funds within reach, with what stands where."""
    return FundTable(request)


@for_readers
@list_page()
def grant_list(request: SignedRequest) -> GrantTable:
    """Grants of academies within reach."""
    return GrantTable(request)


@for_readers
@list_page()
def payment_list(request: SignedRequest) -> PaymentTable:
    """Instalments, paid and to be paid."""
    return PaymentTable(request)


@for_readers
@list_page()
def entry_list(request: SignedRequest) -> EntryTable:
    """The ledger, the latest first."""
    return EntryTable(request)


@for_readers
@list_page()
def expense_list(request: SignedRequest) -> ExpenseTable:
    """What academies spent."""
    return ExpenseTable(request)
