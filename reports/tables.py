"""The register of reports, and the figures of all that are sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from policies.rules.findings import figure
from reports.filters import FigureFilter, ReportFilter
from reports.permissions import may_ask_at_all
from reports.selectors.reports import readable_figures, reports_in_scope

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet


class ReportTable(Table):
    title, unit = "年度名额报告", "份报告"
    lead = "按政策目标逐项对照计划与实际；每个数字都能打开它的行，封存后不再更改。"
    filterset, order, workbook = ReportFilter, NEWEST_FIRST, "年度名额报告目录"
    nothing_found = Empty("没有符合条件的报告", "请放宽筛选条件后再查。")

    name = Column(
        "报告",
        value=lambda row: f"{row.year}年度名额报告",
        link="reports:report",
        title=True,
        sort="year",
        css="nowrap",
    )
    policy = Column("政策", path="policy_edition.title")
    place_name = Column("统计范围", sort="place_name")
    edition = Column("版次", value=lambda row: f"第 {row.edition_no} 版", css="nowrap")
    sealed_at = Column("封存时间", css="nowrap", sort="sealed_at")
    figures = Column(
        "指标", value=lambda row: row.figure_count if row.is_sealed else None, number=True
    )
    state = Column("状态", choice="state", tones={"sealed": "good", "draft": "info"}, badge=True)

    def rows(self) -> QuerySet[Any]:
        return reports_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_ask_at_all.allows(self.user):
            return []
        return [Button("编制报告", reverse("reports:new"), is_main=True)]

    def empty(self) -> Empty:
        if not may_ask_at_all.allows(self.user):
            return Empty("还没有报告", "上级工会封存报告后会列在这里。")
        how = "选定政策、年度和统计范围，编制第一份报告；每年1月自动编制上年报告。"
        return Empty("还没有报告", how, reverse("reports:new"), "编制报告")


class FigureTable(Table):
    title, unit, workbook = "报告指标", "项指标", "报告指标"
    filterset, order = FigureFilter, NEWEST_FIRST

    measure_title = Column("指标", path="title", title=True, link="reports:figure")
    place_name = Column("组织或学院")
    report = Column("报告", hidden=True)
    period = Column("期间")
    planned = Column("计划", value=lambda row: in_words(row.planned), number=True)
    actual = Column("实际", value=lambda row: in_words(row.actual), number=True)
    measured_in = Column("单位", path="unit")
    standing = Column("结论", choice="standing", badge=True)

    def rows(self) -> QuerySet[Any]:
        return readable_figures(self.user)


def in_words(number: Decimal | None) -> str | None:
    return None if number is None else figure(number)
