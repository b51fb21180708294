"""The lists of contests and items, and where pages below them stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from competitions.filters import CompetitionFilter, ItemFilter, TermsFilter, TrialFilter
from competitions.permissions import may_hold
from competitions.permissions.entering import may_enter_somewhere
from competitions.selectors.competitions import competitions_in_scope, items_in_scope
from competitions.selectors.terms import terms_in_scope
from competitions.selectors.trials import trials_in_scope
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competitions.models import Competition, Item
    from organizations.models import Organization

    Trail = tuple[tuple[str, str], ...]


ITEM_TONES = {"open": "info", "checked": "warn", "locked": "warn", "published": "good"}


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


def _days_of_item(row: Any) -> str:
    """Its own days, or those of its contest, said to be so."""
    return _days(row) or (f"{days}（竞赛日期）" if (days := _days(row.competition)) else "")


def entrants_upload() -> str:
    """Where lists for many items of this year are handed in."""
    return reverse("intake:upload", args=["participations", timezone.localdate().year])


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
        found = [
            Button("全部项目", reverse("competitions:items")),
            Button("产业链清单", reverse("competitions:chains")),
        ]
        if may_hold.allows(self.user):
            upload = reverse("intake:upload", args=["contests"])
            found += [
                Button("导入竞赛计划", upload, "upload"),
                Button("登记竞赛", reverse("competitions:new"), is_main=True),
            ]
        return found

    def empty(self) -> Empty:
        return Empty("还没有竞赛", "由主办单位登记或导入竞赛计划，或用评分表按表头建立。")


class ItemTable(Table):
    title, unit, workbook, filterset, order = "竞赛项目", "个", "竞赛项目", ItemFilter, NEWEST_FIRST

    name = Column(
        "项目", sub="code", link="competitions:item", args=("code",), title=True, sort="name"
    )
    competition = Column("竞赛")
    occupation = Column("职业（工种）")
    group = Column("组别", choice="group")
    stage = Column("赛段", choice="stage")
    days = Column("日期", value=_days_of_item, css="figures")
    venue = Column("赛场", hidden=True)
    state = Column("状态", choice="state", tones=ITEM_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return items_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_enter_somewhere.allows(self.user):
            return []
        return [Button("导入各项目参赛名单", entrants_upload(), "upload")]

    def empty(self) -> Empty:
        return Empty("还没有竞赛项目", "登记竞赛后加入项目，或用评分表按表头建立。")


class TermsTable(Table):
    """What whoever takes part promises, version by version."""

    title, unit, workbook, filterset, order = (
        "参赛承诺",
        "版",
        "参赛承诺",
        TermsFilter,
        NEWEST_FIRST,
    )

    competition = Column("竞赛", title=True)
    number = Column("版次", number=True)
    issued_by = Column("制定人")
    issued_at = Column("制定时间")

    def rows(self) -> QuerySet[Any]:
        return terms_in_scope(self.user)


class TrialTable(Table):
    """Which trades of rounds are decided by contests."""

    title, unit, workbook, filterset, order = (
        "以赛选树",
        "个",
        "以赛选树",
        TrialFilter,
        NEWEST_FIRST,
    )

    trade = Column("职业（工种）", title=True)
    round = Column("选树轮次")
    item = Column("竞赛项目", sub="item.competition")

    def rows(self) -> QuerySet[Any]:
        return trials_in_scope(self.user)


class OfItem(Table):
    """A list within one item: where it stands, and what its workbook is about."""

    of_item: Item
    order, page_size = OLDEST_FIRST, 100

    def bound_filter(self) -> Any:
        self.trail, self.kicker = item_trail(self.of_item), str(self.of_item)
        return super().bound_filter()

    def export_title(self) -> str:
        return f"{self.of_item.competition}{self.of_item}{self.workbook}"

    def export_subject(self) -> str:
        return subject_of(self.of_item)

    def export_organization(self) -> Organization:
        return self.of_item.competition.organizer
