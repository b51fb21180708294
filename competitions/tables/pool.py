"""The list of the talent pool."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from competitions.filters import PoolFilter
from competitions.selectors.awards import reserves_in_scope
from competitions.selectors.pool import grounds_of, pool_in_scope
from pages.tables import Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competitions.models import BoardLine


def grounds_in_words(row: Any) -> str:
    """Why somebody is in the pool."""
    return "；".join(row.grounds)


class PoolTable(Table):
    """Who is thought of for national and world contests, and for the next round."""

    title, unit, workbook, filterset, order = "人才库", "名", "人才库", PoolFilter, NEWEST_FIRST
    lead = "国赛、世赛项目最新成绩榜上的奖牌选手，和历次选树推荐未入选的人选。"

    name = Column("姓名", title=True, css="unbroken", sort="name_pinyin")
    birth_on = Column("出生日期", css="figures", hidden=True)
    organization = Column("登记单位")
    grounds = Column("入库依据", value=grounds_in_words, width=50)

    @cached_property
    def reserves(self) -> QuerySet[BoardLine]:
        """Who stands in reserve by a contest: asked once for the page."""
        return reserves_in_scope(self.user)

    def rows(self) -> QuerySet[Any]:
        return pool_in_scope(self.user, reserves=self.reserves)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """With why each is here, asked for all at once."""
        told = grounds_of([row.pk for row in rows], self.user, self.reserves)
        for row in rows:
            row.grounds = told.get(row.pk, [])
        return rows

    def empty(self) -> Empty:
        return Empty(
            "人才库还没有人", "国赛、世赛项目公布成绩，或选树轮次公示结束后，有关人选列在这里。"
        )
