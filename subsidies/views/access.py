"""Who is let in at which page, and the objects pages are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from academies.permissions import KEEPERS
from organizations.roles import STAFF_AND_OVERSIGHT
from pages.permissions import for_roles
from subsidies.models.funds import READERS
from subsidies.selectors.money import expenses_in_scope, funds_in_scope, grants_in_scope

if TYPE_CHECKING:
    from pages.permissions import SignedRequest
    from subsidies.models import Expense, Fund, Grant

for_readers = for_roles(READERS)
for_oversight = for_roles(STAFF_AND_OVERSIGHT)
for_keepers = for_roles(KEEPERS)


def fund_or_404(request: SignedRequest, pk: int) -> Fund:
    return get_object_or_404(funds_in_scope(request.user), pk=pk)


def grant_or_404(request: SignedRequest, pk: int) -> Grant:
    return get_object_or_404(grants_in_scope(request.user), pk=pk)


def expense_or_404(request: SignedRequest, pk: int) -> Expense:
    return get_object_or_404(expenses_in_scope(request.user), pk=pk)
