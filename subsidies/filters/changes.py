"""The questions one may ask of changes of budgets."""

from __future__ import annotations

import django_filters

from pages.filters import MineFilter, choice_filter
from subsidies.filters import year_filter
from subsidies.models import BudgetChange
from subsidies.models.funds import Line
from subsidies.selectors.waiting import drawn_by_others


class BudgetChangeFilter(django_filters.FilterSet):
    """Changes by year, line and state."""

    year = year_filter("fund__year")
    line = choice_filter("预算科目", choices=Line.choices)
    state = choice_filter("状态", choices=BudgetChange.State.choices)
    is_mine = MineFilter(drawn_by_others)

    class Meta:
        model = BudgetChange
        fields = ()
