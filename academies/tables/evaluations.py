"""The list of evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from academies.filters import EvaluationFilter
from academies.permissions import may_import_evaluations
from academies.selectors.evaluations import evaluations_in_scope
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from academies.models import Evaluation

TONES = {"excellent": "good", "qualified": "info", "failed": "bad"}


def rectification_of(row: Evaluation) -> str:
    """How far the rectification has come, in words; "" where none was demanded."""
    if row.closed_on is not None:
        return f"{row.closed_on}完成"
    if not row.is_open:
        return ""
    if row.due_on is None:
        return "整改中，未定期限"
    late = (timezone.localdate() - row.due_on).days
    return f"整改中，逾期{late}日" if late > 0 else f"整改中，{row.due_on}到期"


class EvaluationTable(Table):
    title, unit, workbook = "审核评价", "条", "审核评价"
    lead = "不合格的责令整改，整改完成前暂停拨付；连续两次不合格，不再拨付。"
    filterset, order = EvaluationFilter, NEWEST_FIRST
    nothing_found = Empty("没有符合条件的审核评价")

    academy_code = Column("编码", path="academy.code", hidden=True, exported=True)
    academy = Column(
        "学院", path="academy.name", link="academies:academy", args=("academy.code",), title=True,
        sort="academy__name",
    )  # fmt: skip
    year = Column("年度", css="figures", sort="year")
    grade = Column("等次", choice="grade", tones=TONES, badge=True, sort="grade")
    evaluated_on = Column("评价日期", css="nowrap", sort="evaluated_on")
    demand = Column("整改要求")
    due_on = Column("整改期限", css="nowrap", sort="due_on")
    rectification = Column("整改", value=rectification_of)

    def rows(self) -> QuerySet[Any]:
        return evaluations_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_import_evaluations.allows(self.user):
            return []
        return [Button("导入结果汇总表", reverse("intake:upload", args=["evaluations"]), "upload")]

    def empty(self) -> Empty:
        return Empty("还没有审核评价", "由市总工会评定，或导入历年结果汇总表。")
