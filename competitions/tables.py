"""The lists of contests and of what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from competitions.filters import (
    AppealFilter,
    AspectFilter,
    BoardFilter,
    BoardLineFilter,
    CompetitionFilter,
    EntryFilter,
    ItemFilter,
    JudgeFilter,
    MarkFilter,
    PromotionFilter,
    SchemeFilter,
)
from competitions.permissions import keeps, may_enter, may_hold
from competitions.selectors.competitions import (
    appeals_in_scope,
    aspects_in_scope,
    boards_in_scope,
    competitions_in_scope,
    entries_in_scope,
    items_in_scope,
    judges_in_scope,
    lines_in_scope,
    marks_in_scope,
    promotions_in_scope,
    schemes_in_scope,
)
from competitions.selectors.eligibility import verdicts_of
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from policies.rules.verdicts import label_of
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competitions.models import Competition, Item
    from organizations.models import Organization

    Trail = tuple[tuple[str, str], ...]

ITEM_TONES = {"open": "info", "checked": "warn", "locked": "warn", "published": "good"}
PROMOTION_TONES = {"proposed": "warn", "certified": "good"}
APPEAL_TONES = {"filed": "warn", "upheld": "bad", "rejected": ""}
ENTRY_TONES = {"entered": "good", "withdrawn": "", "disqualified": "bad"}


def verdict_words(row: Any) -> str:
    """What the rules say of an entrant, for a workbook."""
    return "" if row.verdict is None else label_of(row.verdict)


def contest_trail(competition: Competition | None = None) -> Trail:
    """The steps down to a contest, as pages below show them."""
    trail: Trail = (("技能竞赛", reverse("competitions:list")),)
    if competition:
        href = reverse("competitions:competition", args=[competition.code])
        trail += ((competition.name, href),)
    return trail


def item_trail(item: Item) -> Trail:
    """The steps down to an item."""
    own = (item.name, reverse("competitions:item", args=[item.code]))
    return (*contest_trail(item.competition), own)


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

    name = Column(
        "竞赛", sub="code", link="competitions:competition", args=("code",), title=True, sort="name"
    )
    kind = Column("级别、类别", path="kind_words", css="nowrap")
    year = Column("年度", sort="year")
    organizer = Column("主办单位")
    chain = Column("产业链", hidden=True, exported=True)
    items_count = Column("项目", number=True)
    days = Column("日期", value=_days, css="figures")
    state = Column("状态", choice="state", tones={"announced": "good", "draft": "info"}, badge=True)

    def rows(self) -> QuerySet[Any]:
        return competitions_in_scope(self.user)

    def buttons(self) -> list[Button]:
        found = [Button("全部项目", reverse("competitions:items"))]
        if may_hold.allows(self.user):
            found.append(Button("登记竞赛", reverse("competitions:new"), is_main=True))
        return found

    def empty(self) -> Empty:
        return Empty("还没有竞赛", "由主办单位登记，或用评分表按表头建立。")


class ItemTable(Table):
    title, unit, workbook, filterset, order = "竞赛项目", "个", "竞赛项目", ItemFilter, NEWEST_FIRST

    name = Column(
        "项目", sub="code", link="competitions:item", args=("code",), title=True, sort="name"
    )
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


class ItemEntryTable(EntryTable):
    """Everybody entered in ``of_item``."""

    of_item: Item
    order, page_size = OLDEST_FIRST, 100

    name = Column("姓名", path="person.name", link="competitions:entry", title=True, css="unbroken")

    item = None  # type: ignore[assignment]
    verdict = Column("参赛资格", cell="competitions/_verdict.html", text=verdict_words)

    def rows(self) -> QuerySet[Any]:
        return super().rows().filter(item=self.of_item)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """With what the rules say of each, asked for all at once."""
        told = verdicts_of(self.of_item, [row.pk for row in rows])
        for row in rows:
            row.verdict = told.get(row.pk)
        return rows

    def bound_filter(self) -> Any:
        self.trail, self.kicker = item_trail(self.of_item), str(self.of_item)
        return super().bound_filter()

    def buttons(self) -> list[Button]:
        if not may_enter.allows(self.user, self.of_item):
            return []
        return [
            Button(
                "报名", reverse("competitions:entry-new", args=[self.of_item.code]), is_main=True
            )
        ]

    def export_title(self) -> str:
        return f"{self.of_item.competition}{self.of_item}参赛名单"

    def export_subject(self) -> str:
        return subject_of(self.of_item)

    def export_organization(self) -> Organization:
        return self.of_item.competition.organizer


class PromotionTable(Table):
    """Who rises by ``of_item``; the workbook is the list for the labour authority."""

    of_item: Item
    title, unit, workbook, filterset = "晋升建议", "名", "晋升人员名单", PromotionFilter
    order, page_size = OLDEST_FIRST, 100
    lead = "证书由人力社保部门核发；登记证书编号后，等级才算提高。"

    name = Column("姓名", path="person.name", sub="entry.employer", title=True, css="unbroken")
    rank = Column("名次", number=True)
    rise = Column("晋升", value=lambda row: f"{row.present_words} → {row.get_target_display()}")
    identity = Column(
        "公民身份号码", path="person.identity_mask", hidden=True, exported=True, width=22
    )
    employer = Column("单位", path="entry.employer", only_exported=True, width=36)
    occupation = Column("职业（工种）", hidden=True, exported=True)
    present = Column("现等级", path="present_words", only_exported=True)
    target = Column("晋升等级", choice="target", only_exported=True)
    clause = Column("依据", width=50, hidden=True, exported=True)
    certificate = Column("证书编号", css="figures", width=26)
    state = Column("状态", choice="state", tones=PROMOTION_TONES, badge=True)
    certify = Column(
        "登记证书",
        link="competitions:certify",
        action=True,
        value=lambda row: row.state == "proposed",
    )
    decline = Column(
        "不予晋升",
        link="competitions:decline",
        action=True,
        value=lambda row: row.state == "proposed",
    )

    def rows(self) -> QuerySet[Any]:
        return promotions_in_scope(self.user).filter(item=self.of_item)

    def has(self, column: Column) -> bool:
        return not column.action or keeps(self.user, self.of_item.competition.organizer)

    def bound_filter(self) -> Any:
        self.trail, self.kicker = item_trail(self.of_item), str(self.of_item)
        return super().bound_filter()

    def empty(self) -> Empty:
        return Empty("还没有晋升建议", "成绩公布后，在项目页面提出晋升建议。")

    def export_title(self) -> str:
        return f"{self.of_item.competition}{self.of_item}晋升人员名单"

    def export_subject(self) -> str:
        return subject_of(self.of_item)

    def export_organization(self) -> Organization:
        return self.of_item.competition.organizer


class AllPromotionTable(Table):
    title, unit, workbook, filterset, order = (
        "晋升建议",
        "名",
        "晋升建议",
        PromotionFilter,
        NEWEST_FIRST,
    )

    person = Column("姓名", title=True)
    item = Column("项目")
    rank = Column("名次", number=True)
    present = Column("现等级", path="present_words")
    target = Column("晋升等级", choice="target")
    state = Column("状态", choice="state", tones=PROMOTION_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return promotions_in_scope(self.user)


class JudgeTable(Table):
    title, unit, workbook, filterset, order = "裁判", "名", "裁判", JudgeFilter, NEWEST_FIRST

    judge = Column("裁判", path="user", title=True)
    item = Column("项目")
    seat = Column("裁判席", number=True)

    def rows(self) -> QuerySet[Any]:
        return judges_in_scope(self.user)


class BoardTable(Table):
    title, unit, workbook, filterset, order = "成绩榜", "版", "成绩榜", BoardFilter, NEWEST_FIRST

    item = Column("项目", title=True)
    number = Column("版次", number=True)
    reason = Column("说明")
    published_at = Column("公布时间")

    def rows(self) -> QuerySet[Any]:
        return boards_in_scope(self.user)


class BoardLineTable(Table):
    title, unit, workbook, filterset, order = (
        "成绩榜名次",
        "名",
        "成绩榜名次",
        BoardLineFilter,
        NEWEST_FIRST,
    )

    name = Column("姓名", title=True)
    board = Column("成绩榜")
    rank = Column("名次", number=True)
    total = Column("成绩", number=True)
    employer = Column("单位")
    medal = Column("奖牌", choice="medal")

    def rows(self) -> QuerySet[Any]:
        return lines_in_scope(self.user)


class AppealTable(Table):
    title, unit, workbook, filterset, order = "申诉", "件", "申诉", AppealFilter, NEWEST_FIRST

    entry = Column("参赛人", link="competitions:appeal", title=True)
    item = Column("项目")
    grounds = Column("申诉理由")
    filed_at = Column("提出时间")
    state = Column("状态", choice="state", tones=APPEAL_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return appeals_in_scope(self.user)


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
