"""The lists of allocations, of what each gives to whom, and of academies' bank accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from academies.models import Academy
from organizations.scoping import bodies_where
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from subsidies.filters.allocations import AllocationFilter, PayeeAccountFilter, ShareFilter
from subsidies.models import Allocation, PayeeAccount
from subsidies.permissions import APPLICANTS
from subsidies.selectors.allocations import (
    allocations_in_scope,
    payee_accounts_in_scope,
    shares_in_scope,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from subsidies.models import Share

ALLOCATION_TONES: dict[str, str] = {
    Allocation.State.DRAWN: "warn",
    Allocation.State.SIGNED: "good",
    Allocation.State.DROPPED: "bad",
}
ACCOUNT_TONES: dict[str, str] = {
    PayeeAccount.State.HELD: "warn",
    PayeeAccount.State.CONFIRMED: "good",
    PayeeAccount.State.REPLACED: "info",
    PayeeAccount.State.REFUSED: "bad",
}


def change_of(share: Share) -> str:
    """How it compares with last year's sum."""
    difference = share.amount - share.last_year
    return f"{difference:+,.2f}" if difference else "持平"


class AllocationTable(Table):
    title, unit, order, filterset, workbook = (
        "资金分配",
        "份方案",
        NEWEST_FIRST,
        AllocationFilter,
        "资金分配",
    )
    lead = "按政策参数试算，另一人批准后生效：各学院批复不能超过分配金额。"

    name = Column("资金", value=lambda row: str(row.fund), link="subsidies:allocation", title=True)
    organization = Column("出资单位", path="fund.organization.name")
    method = Column("分配办法", choice="method")
    amount = Column("分配总额", number=True)
    given = Column("分配合计", number=True)
    academies = Column("学院数", path="count", number=True)
    state = Column("状态", choice="state", tones=ALLOCATION_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return allocations_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有分配方案", "预算编列学院补助后，在资金页面试算分配。")


class ShareTable(Table):
    title, unit, order, filterset, workbook = (
        "分配明细",
        "家学院",
        OLDEST_FIRST,
        ShareFilter,
        "分配明细",
    )
    heading = "各学院"

    academy = Column("学院", path="academy.name", title=True, sub="basis")
    points = Column("系数", number=True)
    amount = Column("分配金额", number=True, sort="amount")
    last_year = Column("上年补助", number=True, sort="last_year")
    change = Column("比上年", value=change_of, number=True)

    def rows(self) -> QuerySet[Any]:
        rows = shares_in_scope(self.user)
        allocation = self.scope.get("allocation")
        return rows if allocation is None else rows.filter(allocation=allocation)


class PayeeAccountTable(Table):
    title, unit, order, filterset, workbook = (
        "学院收款账户",
        "个账户",
        NEWEST_FIRST,
        PayeeAccountFilter,
        "学院收款账户",
    )
    lead = "设立或变更后先行停付，由填报人以外的财务人员按原留电话回访确认；账号密封保存，只显示末4位。"

    academy = Column("学院", path="academy.name", link="subsidies:account", title=True)
    holder = Column("户名")
    bank = Column("开户行")
    account_mask = Column("收款账号", css="figures")
    filed_by = Column("填报人")
    called_by = Column("回访人")
    state = Column("状态", choice="state", tones=ACCOUNT_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return payee_accounts_in_scope(self.user)

    def buttons(self) -> list[Button]:
        """For managers: one for each academy of their own."""
        paths = [body.path for body in bodies_where(self.user, APPLICANTS)]
        academies = Academy.objects.visible_to(self.user).filter(organization__path__in=paths)
        return [
            Button(
                "填报或变更账户",
                reverse("subsidies:account-new", args=[academy.code]),
                is_main=True,
            )
            for academy in academies.order_by("code")[:1]
        ]

    def empty(self) -> Empty:
        return Empty("还没有收款账户", "由学院管理员填报，财务人员回访确认后才能付款。")
