"""The questions one may ask of the accounts of years."""

from __future__ import annotations

from pages.filters import MineFilter, choice_filter
from subsidies.filters import OfFund, year_filter
from subsidies.models import Fund, Settlement
from subsidies.selectors.waiting import drawn_by_others


class SettlementFilter(OfFund):
    """Settlements by academy, year, source and state."""

    ACADEMY = "grant__academy__"

    year = year_filter("grant__fund__year")
    source = choice_filter(
        "资金来源", choices=Fund.Source.choices, field_name="grant__fund__source"
    )
    state = choice_filter("状态", choices=Settlement.State.choices)
    is_mine = MineFilter(drawn_by_others)

    class Meta:
        model = Settlement
        fields = ()
