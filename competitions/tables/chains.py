"""The list of chains, and who took part and rose along them, whatever the contest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from competitions.filters import ChainFilter, ParticipationFilter, RisenFilter
from competitions.permissions import may_list_somewhere, opens_figures
from competitions.permissions.entering import may_enter_somewhere
from competitions.selectors.chains import chains_in_scope
from competitions.tables.contests import contest_trail, entrants_upload
from competitions.tables.entries import EntryTable
from competitions.tables.results import AllPromotionTable
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import Order

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ChainTable(Table):
    """What contests are held along, as the city union lists it."""

    title, unit, workbook, filterset = "产业链清单", "条", "产业链清单", ChainFilter
    order = Order("name")
    lead = "文件写明“围绕16条产业链”，各条名称未见公开，由市总工会列入并写明依据。"

    name = Column("产业链", title=True, css="unbroken", sort="name")
    organization = Column("维护单位")
    basis = Column("列入依据")
    standing = Column(
        "状态",
        value=lambda row: "在用" if row.is_current else "已停用",
        badge=True,
    )
    edit = Column(
        "更正",
        link="competitions:chain-edit",
        action=True,
        value=lambda row: True,
    )

    def rows(self) -> QuerySet[Any]:
        return chains_in_scope(self.user)

    def has(self, column: Column) -> bool:
        return not column.action or self._keeps

    def buttons(self) -> list[Button]:
        found = []
        if opens_figures(self.user):
            found.append(Button("竞赛统计", reverse("competitions:figures")))
        if self._keeps:
            found.append(Button("列入产业链", reverse("competitions:chain-new"), is_main=True))
        return found

    @property
    def _keeps(self) -> bool:
        return may_list_somewhere.allows(self.user)

    def empty(self) -> Empty:
        return Empty("产业链清单还没有内容", "由市总工会列入；此前填写的产业链照原样保留。")


class OfYears(Table):
    """What the figures of years and chains are counted from."""

    def bound_filter(self) -> Any:
        self.trail = (*contest_trail(), ("竞赛统计", reverse("competitions:figures")))
        return super().bound_filter()


class ParticipationTable(OfYears, EntryTable):
    """Everybody entered in announced contests, contest by contest."""

    title, unit, workbook, filterset = "参赛人次", "人次", "参赛人次", ParticipationFilter

    name = Column("姓名", path="person.name", link="competitions:entry", title=True, css="unbroken")
    contest = Column("竞赛", path="item.competition")
    chain = Column("产业链", path="item.competition.chain")
    year = Column("年度", path="item.competition.year", css="figures")

    def rows(self) -> QuerySet[Any]:
        return super().rows().exclude(item__competition__state="draft")

    def buttons(self) -> list[Button]:
        if not may_enter_somewhere.allows(self.user):
            return []
        return [Button("导入各项目参赛名单", entrants_upload(), "upload")]


class RisenTable(OfYears, AllPromotionTable):
    """Everybody proposed to rise, contest by contest, with the certificate once it is entered."""

    title, unit, workbook, filterset = "晋升人员", "名", "晋升人员", RisenFilter

    contest = Column("竞赛", path="item.competition")
    chain = Column("产业链", path="item.competition.chain")
    certificate = Column("证书编号", css="figures", width=26)

    def rows(self) -> QuerySet[Any]:
        return super().rows().exclude(item__competition__state="draft")

    def empty(self) -> Empty:
        return Empty("还没有晋升人员", "成绩公布后，在项目页面提出晋升建议。")
