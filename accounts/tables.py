"""The list of bodies, in the order of the tree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from accounts.filters import OrganizationFilter
from accounts.permissions import may_import_tree
from organizations.scoping import home_of
from organizations.selectors import organizations_in_scope
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import Order

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization


class OrganizationTable(Table):
    """What goes out can come in again: the workbook has the columns of the import."""

    title, unit, numbered = "组织机构", "个组织", True
    lead = "您可见范围内的工会与单位，按隶属关系排列。"
    filterset, order, workbook = OrganizationFilter, Order("path"), "组织机构"
    nothing_found = Empty("没有符合条件的组织", "请放宽筛选条件后再查。")

    code = Column("编码", only_exported=True)
    name = Column(
        "名称", cell="accounts/_body.html", text=lambda row: row.name, title=True, sort="name"
    )
    kind = Column("类型", choice="kind", sort="kind")
    parent = Column("上级", path="parent.name")
    parent_code = Column("上级编码", path="parent.code", only_exported=True, blank="")
    uscc = Column("统一社会信用代码", css="figures", exported=True, width=22)
    region_code = Column("区划代码", css="figures", exported=True)
    industry = Column("行业门类", hidden=True, exported=True)
    valid_from = Column("启用", css="figures", sort="valid_from")
    state = Column(
        "状态", cell="accounts/_force.html", badge=True, text=lambda row: row.valid_until
    )

    def rows(self) -> QuerySet[Any]:
        return organizations_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_import_tree.allows(self.user):
            return []
        return [
            Button("导入组织机构表", reverse("intake:upload", args=["organizations"]), "upload")
        ]

    def empty(self) -> Empty:
        return Empty("没有可见的组织", "账号还没有分配角色，请联系本级安全管理员授权。")

    def export_organization(self) -> Organization | None:
        return home_of(self.user)

    def exported(self) -> list[Column]:
        """The columns of the import, under its headings, and the day a body ended."""
        heads = {"valid_from": "启用日期", "state": "停用日期"}
        order = (
            "code", "name", "kind", "parent_code", "uscc", "region_code", "industry", "valid_from",
            "state",
        )  # fmt: skip
        found = [self.declared[name] for name in order]
        return [replace(c, heading=heads.get(c.name, c.heading)) for c in found]
