"""The list of results, seeds and own assessment; and who made results besides the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters.actions import ActionFilter, PartnerFilter
from talents.models import ActionPartner
from talents.permissions.actions import may_enter_some
from talents.selectors.actions import actions_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ActionTable(Table):
    title, unit, order, filterset = "成果与行动登记", "项登记", NEWEST_FIRST, ActionFilter
    workbook = "成果与行动登记"
    lead = (
        "专利、四技、五小成果和种子工匠、自主评价企业逐项登记：成果进入完成人的成长档案，"
        "种子和自主评价计入工匠人才发展方案的年度对照；登记有误的撤下，不再计入。"
    )

    kind = Column("种类", choice="kind", link="talents:action", title=True)
    sort = Column("类别", choice="sort")
    person = Column("人员", path="person.name")
    organization = Column("单位（院校）")
    told = Column("名称（说明）")
    document_number = Column("编号（文号）", path="number", hidden=True, exported=True)
    held_on = Column("日期", css="figures", sort="held_on")
    withdrawn_on = Column("撤下日期", css="figures")

    def rows(self) -> QuerySet[Any]:
        return actions_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_enter_some.allows(self.user):
            return []
        upload = reverse("intake:upload", args=["actions"])
        return [
            Button("登记", reverse("talents:action-new"), is_main=True),
            Button("导入", upload),
        ]

    def empty(self) -> Empty:
        return Empty("还没有登记", "单位、院校逐项登记专利、四技、五小成果，种子工匠和自主评价。")


class PartnerTable(Table):
    title, unit, order, filterset = "成果完成人", "人次", NEWEST_FIRST, PartnerFilter

    entry = Column("成果", title=True)
    place = Column("署名次序", css="figures")
    person = Column("姓名", path="person.name")
    organization = Column("登记单位", path="entry.organization")

    def rows(self) -> QuerySet[Any]:
        rows = ActionPartner.objects.visible_to(self.user)
        return rows.select_related("person", "entry__organization", "entry__person")
