"""The register of honours: for staff with what can be done, for everybody to look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters import PublicHonourFilter
from talents.filters.honours import HonourFilter
from talents.permissions.honours import may_export_honours, may_keep_honours
from talents.selectors.honours import honours_in_scope, public_honours

if TYPE_CHECKING:
    from django.db.models import QuerySet

TONES = {"valid": "good", "doubted": "warn", "revoked": "bad"}


class DirectoryTable(Table):
    """What everybody may look up."""

    title, unit, order, filterset = "工匠名录", "项称号", NEWEST_FIRST, PublicHonourFilter
    lead = "经命名决定公布的工匠。证书编号可核验真伪和现状；已撤销的称号仍在册并注明。"
    nothing_found = Empty("没有查到", "请核对姓名或证书编号，或放宽条件后再查。")

    name = Column(
        "姓名",
        path="person.name",
        link="talents:certificate",
        args=("certificate_number",),
        title=True,
    )
    held = Column("称号", path="title", sub="occasion", sort="title")
    year = Column("年度", css="figures", sort="year")
    unit_then = Column("工作单位", path="unit")
    trade = Column("职业（工种）", hidden=True)
    organization = Column("命名工会")
    document_number = Column("命名文号", hidden=True)
    certificate_number = Column("证书编号", css="figures")
    state = Column(
        "状态",
        value=lambda row: "已撤销" if row.state == "revoked" else "有效",
        tones={"有效": "good", "已撤销": "bad"},
        badge=True,
    )

    def rows(self) -> QuerySet[Any]:
        return public_honours()

    def empty(self) -> Empty:
        return Empty("名录还是空的", "命名决定公布后，获得称号的工匠会列在这里。")


class HonourTable(DirectoryTable):
    """The same within reach, with what is being decided."""

    filterset, workbook = HonourFilter, "工匠名录"
    lead = "称号依命名决定登记；撤销须一人提出、另一位审批人复核，撤销后保留在册，不再计数。"

    name = Column("姓名", path="person.name", link="talents:honour", title=True)
    trade = Column("职业（工种）", hidden=True, exported=True)
    document_number = Column("命名文号", hidden=True, exported=True)
    named_on = Column("命名日期", css="figures", hidden=True, exported=True, sort="named_on")
    revoked_on = Column("撤销日期", css="figures", hidden=True, exported=True)
    state = Column("状态", choice="state", tones=TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return honours_in_scope(self.user)

    @property
    def may_export(self) -> bool:
        return may_export_honours.allows(self.user)

    def check_export(self, count: int) -> None:
        may_export_honours.check(self.user)

    def buttons(self) -> list[Button]:
        public = Button("公开名录", reverse("talents:directory"), "people")
        if not may_keep_honours.allows(self.user):
            return [public]
        upload = reverse("intake:upload", args=["honours"])
        return [public, Button("导入名录", upload, "upload", is_main=True)]
