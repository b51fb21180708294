"""What experts declared, for the back office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.tables import Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters.declaring import DeclarationFilter, DeclaredTieFilter
from talents.models import DeclaredTie
from talents.selectors.declaring import declarations_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

STATUS_TONES = {"asked": "warn", "clear": "good", "recused": "info", "lapsed": "bad"}


class DeclarationTable(Table):
    title, unit, order, filterset = "专家回避申报", "份申报", NEWEST_FIRST, DeclarationFilter

    expert = Column("专家", path="expert.code", title=True)
    round = Column("轮次", path="round.name")
    due_on = Column("申报期限", css="figures")
    answered_at = Column("办结时间", css="figures")
    status = Column("状态", choice="status", tones=STATUS_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return declarations_in_scope(self.user)


class DeclaredTieTable(Table):
    title, unit, order, filterset = "申报的回避情形", "项", NEWEST_FIRST, DeclaredTieFilter

    tie = Column("单位或姓名", value=str, title=True)
    expert = Column("专家", path="declaration.expert.code")
    reason = Column("缘由")

    def rows(self) -> QuerySet[Any]:
        rows = DeclaredTie.objects.visible_to(self.user)
        return rows.select_related("declaration__expert", "declaration__round", "unit")
