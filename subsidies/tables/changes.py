"""The list of changes of signed budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.tables import Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from subsidies.filters.changes import BudgetChangeFilter
from subsidies.models import BudgetChange
from subsidies.selectors.changes import changes_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

CHANGE_TONES: dict[str, str] = {
    BudgetChange.State.DRAWN: "warn",
    BudgetChange.State.SIGNED: "good",
    BudgetChange.State.DROPPED: "bad",
}


class BudgetChangeTable(Table):
    title, unit, order, filterset, workbook = (
        "预算调整",
        "项调整",
        NEWEST_FIRST,
        BudgetChangeFilter,
        "预算调整",
    )
    lead = "已批准的预算只以调整改动：一人编制、另一人批准，历次调整长期留存。"

    name = Column(
        "资金", value=lambda row: str(row.fund), link="subsidies:budget-change", title=True
    )
    organization = Column("出资单位", path="fund.organization.name")
    line = Column("预算科目", choice="line")
    amount = Column("调整金额", number=True, sort="amount")
    reason = Column("事由")
    drawn_by = Column("编制")
    signed_by = Column("批准")
    state = Column("状态", choice="state", tones=CHANGE_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return changes_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("没有预算调整", "预算批准以后要增减的，在资金页面编制调整。")
