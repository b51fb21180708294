"""The lists of contests and of what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.filters import (
    AspectFilter,
    CompetitionFilter,
    EntryFilter,
    ItemFilter,
    MarkFilter,
    SchemeFilter,
)
from competitions.selectors.competitions import (
    aspects_in_scope,
    competitions_in_scope,
    entries_in_scope,
    items_in_scope,
    marks_in_scope,
    schemes_in_scope,
)
from pages.tables import Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet

ITEM_TONES = {"open": "info", "checked": "warn", "locked": "warn", "published": "good"}
ENTRY_TONES = {"entered": "good", "withdrawn": "", "disqualified": "bad"}


def _days(row: Any) -> str:
    if row.starts_on is None:
        return ""
    return str(row.starts_on) if row.ends_on is None else f"{row.starts_on}—{row.ends_on}"


class CompetitionTable(Table):
    title, unit, workbook, filterset, order = (
        "技能竞赛",
        "场",
        "技能竞赛",
        CompetitionFilter,
        NEWEST_FIRST,
    )
    nothing_found = Empty("没有符合条件的竞赛")

    name = Column("竞赛", sub="code", title=True, sort="name")
    kind = Column("级别、类别", path="kind_words", css="nowrap")
    year = Column("年度", number=True, sort="year")
    organizer = Column("主办单位")
    chain = Column("产业链", hidden=True, exported=True)
    items_count = Column("项目", number=True)
    days = Column("日期", value=_days, css="figures")
    state = Column("状态", choice="state", tones={"announced": "good", "draft": "info"}, badge=True)

    def rows(self) -> QuerySet[Any]:
        return competitions_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有竞赛", "由主办单位登记，或用评分表按表头建立。")


class ItemTable(Table):
    title, unit, workbook, filterset, order = "竞赛项目", "个", "竞赛项目", ItemFilter, NEWEST_FIRST

    name = Column("项目", sub="code", title=True, sort="name")
    competition = Column("竞赛")
    occupation = Column("职业（工种）")
    group = Column("组别", choice="group")
    stage = Column("赛段", choice="stage")
    days = Column("日期", value=_days, css="figures")
    venue = Column("赛场", hidden=True)
    state = Column("状态", choice="state", tones=ITEM_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return items_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有竞赛项目", "登记竞赛后加入项目，或用评分表按表头建立。")


class EntryTable(Table):
    title, unit, workbook, filterset, order = (
        "参赛名单",
        "名",
        "参赛名单",
        EntryFilter,
        NEWEST_FIRST,
    )

    name = Column("姓名", path="person.name", title=True, css="unbroken")
    number = Column("参赛号", css="figures", sort="number")
    item = Column("项目")
    identity = Column("公民身份号码", path="person.identity_mask", css="figures unbroken", width=22)
    employer = Column("单位")
    level = Column("现职业技能等级", path="level_words")
    state = Column("状态", choice="state", tones=ENTRY_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return entries_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有参赛人", "逐人登记，或导入名单、评分表。")


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
