"""The list of masters and apprentices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters.growth import PairFilter
from talents.permissions.growth import may_pair_some
from talents.selectors.growth import pairs_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

TONES = {"draft": "warn", "agreed": "info", "finished": "good", "ended": "plain"}


class PairTable(Table):
    title, unit, order, filterset = "师徒结对", "对师徒", NEWEST_FIRST, PairFilter
    workbook = "师徒结对"
    lead = "师徒协议由单位填报、主管工会备案；同时带徒人数和协议年限按政策参数核对。"

    master = Column("师傅", path="master.name", link="talents:pair", title=True)
    apprentice = Column("徒弟", path="apprentice.name")
    trade = Column("职业（工种）", sort="trade")
    organization = Column("签约单位")
    starts_on = Column("开始", css="figures", sort="starts_on")
    ends_on = Column("期满", css="figures", sort="ends_on")
    level_after = Column("出师时等级", choice="level_after", hidden=True, exported=True)
    state = Column("状态", choice="state", tones=TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return pairs_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_pair_some.allows(self.user):
            return []
        return [Button("登记师徒协议", reverse("talents:pair-new"), is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有师徒结对", "单位签订协议后逐对登记，由主管工会备案。")
