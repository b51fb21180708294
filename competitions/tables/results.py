"""The lists of what came of an item: boards, awards, appeals, who rises."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from competitions.filters import (
    AppealFilter,
    AwardFilter,
    BoardFilter,
    BoardLineFilter,
    PromotionFilter,
    ReserveFilter,
)
from competitions.permissions import keeps, may_handle, until_settled
from competitions.permissions.promotions import may_annul, may_submit_list
from competitions.rules.places import DOUBTS, doubt_of
from competitions.rules.settled import unsettled
from competitions.selectors.awards import (
    awards_in_scope,
    public_awards,
    reserves_in_scope,
    risen_in_vain,
)
from competitions.selectors.competitions import (
    appeals_in_scope,
    boards_in_scope,
    lines_in_scope,
    promotions_in_scope,
)
from competitions.selectors.eligibility import owing_among
from competitions.services.promotions import held_words, outdated, reckoned_of
from competitions.tables.contests import OfItem
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competitions.services.promotions import Reckoned


OWING = "待认定"
DOUBT_TONES = dict.fromkeys(DOUBTS.values(), "warn")
IN_VAIN = "与新版成绩榜不符，请与核发证书的人力社保部门核实"
PROMOTION_TONES = {"proposed": "warn", "certified": "good"}
APPEAL_TONES = {"filed": "warn", "upheld": "bad", "rejected": ""}
AWARD_TONES = {"gold": "good", "silver": "good", "bronze": "good"}


class PromotionTable(OfItem):
    """Who rises by ``of_item``; the labour authority gets a list of its own, with identity numbers."""

    title, unit, workbook, filterset = "晋升建议", "名", "晋升人员名单", PromotionFilter
    lead = "证书由人力社保部门核发；登记证书编号后，等级才算提高。"

    name = Column("姓名", path="person.name", sub="entry.employer", title=True, css="unbroken")
    rank = Column("名次", number=True)
    rise = Column("晋升", value=lambda row: f"{row.present_words} → {row.get_target_display()}")
    employer = Column("单位", path="entry.employer", only_exported=True, width=36)
    occupation = Column("职业（工种）", hidden=True, exported=True)
    present = Column("现等级", path="present_words", only_exported=True)
    target = Column("晋升等级", choice="target", only_exported=True)
    clause = Column("依据", width=50, hidden=True, exported=True)
    certificate = Column("证书编号", css="figures", width=26)
    state = Column("状态", choice="state", tones=PROMOTION_TONES, badge=True, sub="outdated")
    outdated = Column("须处理", value=lambda row: row.outdated, only_exported=True)
    certify = Column(
        "登记证书",
        link="competitions:certify",
        action=True,
        value=lambda row: row.state == "proposed" and row.is_settled,
    )
    retract = Column(
        "撤回",
        link="competitions:retract",
        action=True,
        value=lambda row: row.state == "proposed",
    )
    annul = Column(
        "撤销晋升",
        link="competitions:annul",
        action=True,
        value=lambda row: row.may_annul,
    )
    decline = Column(
        "不予晋升",
        link="competitions:decline",
        action=True,
        value=lambda row: row.state == "proposed",
    )

    #: Who rises and who does not, where that is told above the rows.
    reckoned: Reckoned | None = None

    def bound_filter(self) -> Any:
        if keeps(self.user, self.of_item.competition.organizer):
            self.reckoned = reckoned_of(self.of_item)
        if self.reckoned and (held := self.reckoned[1]):
            self.lead = f"{type(self).lead}{held_words(held)}。"
        return super().bound_filter()

    def rows(self) -> QuerySet[Any]:
        return promotions_in_scope(self.user).filter(item=self.of_item)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """With what became of each by the newest board and the levels held now, asked for all at once."""
        told = outdated(self.of_item, rows, reckoned=self.reckoned)
        in_vain = {one.pk for one in risen_in_vain(self.of_item)}
        is_settled = until_settled(self.of_item, "登记证书") is None
        for row in rows:
            row.is_settled = is_settled
            row.may_annul = row.pk in in_vain and may_annul.allows(self.user, row)
            row.outdated = IN_VAIN if row.pk in in_vain else told.get(row.pk, "")
        return rows

    @cached_property
    def handles(self) -> bool:
        return may_handle.allows(self.user, self.of_item)

    def has(self, column: Column) -> bool:
        return not column.action or self.handles

    def buttons(self) -> list[Button]:
        if not may_submit_list.allows(self.user, self.of_item):
            return []
        href = reverse("competitions:promotions-submit", args=[self.of_item.code])
        return [Button("报送人社部门名单", href, is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有晋升建议", "成绩公布后，在项目页面提出晋升建议。")


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


class AwardTable(Table):
    """Awards of contests within reach."""

    title, unit, workbook, filterset, order = (
        "竞赛奖项",
        "项",
        "竞赛获奖名单",
        AwardFilter,
        NEWEST_FIRST,
    )

    name = Column("获奖者", title=True, css="unbroken")
    kind = Column("奖项", choice="kind", tones=AWARD_TONES)
    item = Column("项目", path="line.board.item", sub="line.board.item.competition")
    employer = Column("单位", path="line.employer")
    number = Column(
        "证书编号", path="number", cell="competitions/_certificate.html", css="figures", width=20
    )
    state = Column(
        "状态",
        path="standing",
        tones={"有效": "good", "已撤销": "bad", "已失效": "bad"},
        badge=True,
    )

    def rows(self) -> QuerySet[Any]:
        return awards_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有获奖名单", "成绩公布后，由主办单位授奖。")


class WinnerTable(AwardTable):
    """The same for everybody."""

    title, workbook = "竞赛获奖名单", ""
    lead = "职业技能竞赛的奖牌、教练和单位奖；证书编号可核验真伪和现状。"

    def rows(self) -> QuerySet[Any]:
        return public_awards()


class ReserveTable(Table):
    """The squads for national and world contests, and whom else to think of."""

    title, unit, workbook, filterset, order = (
        "国赛、世赛后备名单",
        "名",
        "竞赛后备名单",
        ReserveFilter,
        NEWEST_FIRST,
    )
    lead = "国赛、世赛项目最新一版成绩榜上的奖牌选手，据以组建集训队、进入人才库；成绩尚有申诉、重评，参赛资格待认定的，了结之后再选入。"

    name = Column("姓名", title=True, css="unbroken")
    item = Column("项目", path="board.item", sub="board.item.competition")
    tier = Column(
        "后备",
        value=lambda row: "国赛" if row.board.item.entry_tier == "national" else "世赛",
    )
    rank = Column("名次", number=True)
    medal = Column("奖牌", choice="medal")
    employer = Column("单位")
    doubt = Column("成绩", value=lambda row: row.doubt, tones=DOUBT_TONES, badge=True)
    standing = Column("参赛资格", value=lambda row: row.standing, tones={OWING: "warn"}, badge=True)
    birth_on = Column("出生日期", path="entry.person.birth_on", hidden=True)
    total = Column("成绩", number=True, hidden=True)

    def rows(self) -> QuerySet[Any]:
        return reserves_in_scope(self.user)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """With whether the place may still change, and somebody has to vouch for the conditions of entry."""
        owing = owing_among([row.entry for row in rows], for_rise=False)
        asked = unsettled({row.board.item_id: row.board.item for row in rows}.values(), "选入")
        for row in rows:
            row.doubt = doubt_of(asked.get(row.board.item_id))
            row.standing = OWING if row.entry_id in owing else ""
        return rows

    def buttons(self) -> list[Button]:
        return [Button("人才库", reverse("competitions:pool"))]

    def empty(self) -> Empty:
        return Empty("还没有后备人选", "国赛、世赛项目公布成绩后，奖牌选手列在这里。")


class AppealTable(Table):
    title, unit, workbook, filterset, order = "申诉", "件", "申诉", AppealFilter, NEWEST_FIRST

    entry = Column("参赛人", link="competitions:appeal", title=True)
    item = Column("项目")
    grounds = Column("申诉理由")
    filed_at = Column("提出时间")
    state = Column("状态", choice="state", tones=APPEAL_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return appeals_in_scope(self.user)
