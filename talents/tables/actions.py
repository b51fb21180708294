"""The list of entries of the five actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters.actions import ActionFilter
from talents.permissions.actions import may_enter_some
from talents.selectors.actions import actions_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ActionTable(Table):
    title, unit, order, filterset = "行动登记", "项登记", NEWEST_FIRST, ActionFilter
    workbook = "行动登记"
    lead = "种子工匠、五小成果、自主评价企业逐项登记，计入工匠人才发展方案的年度对照；登记有误的撤下，不再计入。"

    kind = Column("行动", choice="kind", link="talents:action", title=True)
    sort = Column("类别", choice="sort")
    person = Column("人员", path="person.name")
    organization = Column("单位（院校）")
    told = Column("说明")
    document_number = Column("备案（证明）文号", hidden=True, exported=True)
    held_on = Column("日期", css="figures", sort="held_on")
    withdrawn_on = Column("撤下日期", css="figures")

    def rows(self) -> QuerySet[Any]:
        return actions_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_enter_some.allows(self.user):
            return []
        return [Button("登记", reverse("talents:action-new"), is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有行动登记", "单位、院校逐项登记种子工匠、五小成果和自主评价。")
