"""A fund locked, so that whoever else signs, parts or pays something of it waits; and what is its own after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from subsidies.models import Allocation, BudgetChange, Fund

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


OfFund = TypeVar("OfFund", Allocation, BudgetChange)


def locked_fund(pk: int, actor: User) -> Fund:
    rows = Fund.objects.visible_to(actor).select_related("organization", "drawn_up_by")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def locked_in_fund(rows: QuerySet[OfFund], pk: int, actor: User) -> OfFund:
    """One of ``rows``; the fund first, as whoever approves a grant of it waits there."""
    fund = locked_fund(rows.values_list("fund_id", flat=True).get(pk=pk), actor)
    found = rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
    found.fund = fund
    return found
