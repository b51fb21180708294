"""The list of paper sheets of an item, and the back office of what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from competitions.filters import SheetFilter, TypedSheetFilter, WorkFilter
from competitions.models import Item
from competitions.selectors.board import current_scheme
from competitions.selectors.sheets import (
    coded_works,
    seats_of,
    sheets_of,
    typed_in_scope,
    works_on_paper,
)
from competitions.tables.contests import OfItem
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, Order

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SheetTable(OfItem):
    """The works of ``of_item`` by number, each with the sheets of all seats."""

    title, unit, filterset, order = "纸质评分表", "件作品", SheetFilter, Order("work")
    lead = (
        "打印的评分表由两人分别誊录，一致的才登记为分数；手机扫二维码，或者用扫码枪把条形码扫入"
        "“加密号或条形码”，都打开该张的誊录页面。"
    )

    number = Column("加密号（评分表导入的为参赛号）", path="work", title=True, css="figures")
    sheets = Column("评分表", cell="competitions/_sheets.html", value=lambda row: row.sheets)

    def rows(self) -> QuerySet[Any]:
        return works_on_paper(self.of_item, self.user)

    def prepared(self, rows: list[Any]) -> list[Any]:
        scheme = current_scheme(self.of_item)
        told = sheets_of(rows, scheme, self.user) if scheme else {}
        for row in rows:
            row.sheets = told.get(row.pk, [])
        return rows

    def buttons(self) -> list[Button]:
        scheme = current_scheme(self.of_item)
        return [
            Button(
                f"打印第{seat}席",
                reverse("competitions:sheet-print", args=[self.of_item.code, seat]),
                "printer",
            )
            for seat in (seats_of(scheme) if scheme else ())
        ]

    def empty(self) -> Empty:
        return Empty("还没有已加密的作品", "抽签编号、加密之后，可打印评分表、誊录分数。")


class CodeTable(OfItem):
    """Which code is whose: number against code, without a name until the marks are locked."""

    title, unit, filterset, order = "加密对照", "件作品", WorkFilter, Order("number")
    lead = "按参赛号收取作品，贴上加密号后交裁判；锁定之前请勿示人。"

    number = Column("参赛号", title=True, css="figures")
    code = Column("加密号", path="work_code", css="figures")
    name = Column(
        "姓名", value=lambda row: row.person.name if row.item.is_decoded else "锁定后显示"
    )

    def rows(self) -> QuerySet[Any]:
        return coded_works(self.of_item, self.user)


class TypedSheetTable(Table):
    """What was typed."""

    title, unit, workbook, filterset, order = (
        "纸质评分表誊录",
        "张",
        "纸质评分表誊录",
        TypedSheetFilter,
        NEWEST_FIRST,
    )

    entry = Column("加密号", path="entry.work_words", title=True)
    item = Column("项目", path="entry.item")
    seat = Column("裁判席", number=True)
    typed_by = Column("誊录人")
    typed_at = Column("誊录时间")

    def rows(self) -> QuerySet[Any]:
        return typed_in_scope(self.user).filter(entry__item__state__in=Item.DECODED)
