"""The register of rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from academies.filters.academies import RoomFilter
from academies.permissions import may_keep_some
from academies.selectors.rooms import rooms_in_scope
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column

if TYPE_CHECKING:
    from django.db.models import QuerySet


class RoomTable(Table):
    title, unit, workbook, filterset = "培训场地", "处", "培训场地", RoomFilter
    lead = "班次的培训地点按名称对应登记的场地；名册人数超过可容纳人数的，列入名册疑点。"
    nothing_found = Empty("没有符合条件的场地")

    academy_code = Column("学院编码", path="academy.code", hidden=True, exported=True)
    academy = Column(
        "学院", path="academy.name", link="academies:academy", args=("academy.code",),
        sort="academy__name",
    )  # fmt: skip
    name = Column("场地名称", title=True, sort="name")
    capacity = Column("可容纳人数", number=True, sort="capacity")
    edit = Column("更正", link="academies:room-edit", action=True)

    def rows(self) -> QuerySet[Any]:
        return rooms_in_scope(self.user).order_by("academy__code", "name")

    def has(self, column: Column) -> bool:
        return not column.action or may_keep_some.allows(self.user)

    def buttons(self) -> list[Button]:
        found = [Button("学院名录", reverse("academies:list"))]
        if may_keep_some.allows(self.user):
            found.append(Button("导入场地表", reverse("intake:upload", args=["rooms"]), "upload"))
        return found

    def empty(self) -> Empty:
        return Empty("还没有登记场地", "在学院页面逐处登记，或导入场地登记表。")
