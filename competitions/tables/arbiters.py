"""The list of arbitration groups, as the back office shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.filters import ArbiterFilter
from competitions.selectors.competitions import arbiters_in_scope
from pages.tables import Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ArbiterTable(Table):
    """Who arbitrates in which contest."""

    title, unit, workbook, filterset = "仲裁组成员", "名", "仲裁组成员", ArbiterFilter
    order = NEWEST_FIRST

    arbiter = Column("仲裁组成员", path="user", title=True)
    competition = Column("竞赛")

    def rows(self) -> QuerySet[Any]:
        return arbiters_in_scope(self.user)
