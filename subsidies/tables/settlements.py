"""The list of accounts of years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.tables import Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from subsidies.filters.settlements import SettlementFilter
from subsidies.models import Settlement
from subsidies.selectors.settlements import settlements_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

SETTLEMENT_TONES: dict[str, str] = {
    Settlement.State.SUBMITTED: "warn",
    Settlement.State.RETURNED: "bad",
    Settlement.State.CONFIRMED: "good",
}


class SettlementTable(Table):
    title, unit, order, filterset, workbook = (
        "年终决算",
        "份决算",
        NEWEST_FIRST,
        SettlementFilter,
        "年终决算",
    )
    lead = "收支由台账计出；结余按政策结转或退回，未拨付的收回预算；由编制人以外的人审定。"

    academy = Column("学院", path="grant.academy.name", link="subsidies:settlement", title=True)
    fund = Column("资金", value=lambda row: str(row.grant.fund))
    received = Column("收到", number=True)
    spent = Column("支出", number=True, sort="spent")
    refunded = Column("审计认定退回", number=True, hidden=True, exported=True)
    left = Column("结余", number=True, sort="left")
    carried = Column("结转", number=True)
    given_back = Column("退回", number=True)
    unpaid = Column("未拨收回", number=True, hidden=True, exported=True)
    state = Column("状态", choice="state", tones=SETTLEMENT_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return settlements_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有决算", "年度终了后，由学院在补助页面编制决算，报出资单位审定。")
