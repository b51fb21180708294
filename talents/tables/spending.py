"""The list of what enterprises spent on workers' education."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters.spending import SpendFilter
from talents.permissions.spending import may_declare_some
from talents.selectors.spending import spends_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SpendTable(Table):
    title, unit, order, filterset = "职工教育经费自评", "项填报", NEWEST_FIRST, SpendFilter
    workbook = "职工教育经费自评"
    lead = (
        "企业每年填报工资薪金总额、职工教育经费支出和其中用于一线职工的数额；"
        "各家合计计入工匠人才发展方案“60%用于一线职工”的年度对照。"
    )

    organization = Column("企业", link="talents:spend", title=True)
    year = Column("年度", css="figures", sort="year")
    wages = Column("工资薪金总额（元）", css="figures")
    spent = Column("职工教育经费（元）", css="figures")
    of_wages = Column("占工资（%）", css="figures")
    frontline = Column("用于一线（元）", css="figures")
    for_frontline = Column("一线占比（%）", css="figures")
    withdrawn_on = Column("撤下日期", css="figures")

    def rows(self) -> QuerySet[Any]:
        return spends_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_declare_some.allows(self.user):
            return []
        return [Button("填报", reverse("talents:spend-new"), is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有填报", "企业按年度填报职工教育经费及其中用于一线职工的数额。")
