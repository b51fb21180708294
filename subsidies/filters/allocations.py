"""The questions one may ask of allocations, their shares and academies' bank accounts."""

from __future__ import annotations

import django_filters

from pages.filters import MineFilter, choice_filter
from subsidies.filters import OfFund, year_filter
from subsidies.models import Allocation, PayeeAccount, Share
from subsidies.selectors.waiting import filed_by_others


class AllocationFilter(django_filters.FilterSet):
    """Allocations by year, method and state."""

    year = year_filter("fund__year")
    method = choice_filter("分配办法", choices=Allocation.Method.choices)
    state = choice_filter("状态", choices=Allocation.State.choices)

    class Meta:
        model = Allocation
        fields = ()


class ShareFilter(OfFund):
    """Shares by academy."""

    class Meta:
        model = Share
        fields = ()


class PayeeAccountFilter(OfFund):
    """Bank accounts by academy and state."""

    state = choice_filter("状态", choices=PayeeAccount.State.choices)
    is_mine = MineFilter(filed_by_others)

    class Meta:
        model = PayeeAccount
        fields = ()
