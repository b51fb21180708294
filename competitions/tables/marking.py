"""The lists of schemes, judges and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.filters import AspectFilter, JudgeFilter, MarkFilter, SchemeFilter
from competitions.selectors.competitions import (
    aspects_in_scope,
    judges_in_scope,
    marks_in_scope,
    schemes_in_scope,
)
from pages.tables import Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet


class JudgeTable(Table):
    title, unit, workbook, filterset, order = "裁判", "名", "裁判", JudgeFilter, NEWEST_FIRST

    judge = Column("裁判", path="user", title=True)
    item = Column("项目")
    seat = Column("裁判席", number=True)

    def rows(self) -> QuerySet[Any]:
        return judges_in_scope(self.user)


class SchemeTable(Table):
    title, unit, workbook, filterset, order = (
        "评分方案",
        "版",
        "评分方案",
        SchemeFilter,
        NEWEST_FIRST,
    )

    item = Column("项目", title=True)
    number = Column("版次", number=True)
    reason = Column("说明")
    created_at = Column("建立时间")

    def rows(self) -> QuerySet[Any]:
        return schemes_in_scope(self.user)


class AspectTable(Table):
    title, unit, workbook, filterset, order = "评分点", "个", "评分点", AspectFilter, NEWEST_FIRST

    code = Column("评分点", sub="title", title=True)
    scheme = Column("评分方案")
    method = Column("方法", choice="method")
    maximum = Column("满分", number=True)
    seats = Column("裁判人数", number=True)

    def rows(self) -> QuerySet[Any]:
        return aspects_in_scope(self.user)


class MarkTable(Table):
    title, unit, workbook, filterset, order = "评分", "个", "评分", MarkFilter, NEWEST_FIRST

    entry = Column("参赛人", title=True)
    item = Column("项目", path="entry.item")
    aspect = Column("评分点")
    seat = Column("裁判席", number=True)
    value = Column("分值", number=True, value=str)
    given_by = Column("打分人")
    given_at = Column("打分时间")
    is_superseded = Column("已由重评代替", value=lambda row: "是" if row.is_superseded else "")

    def rows(self) -> QuerySet[Any]:
        return marks_in_scope(self.user)
