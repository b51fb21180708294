"""Blind papers of a round before they go out, and what was decided about words of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from talents.filters.masking import BlindPaperFilter, MaskingFilter
from talents.selectors.masking import looked_through, maskings_in_scope, papers_to_look_through
from talents.tables.rounds import trail_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from talents.models import SelectionRound


class BlindPaperTable(Table):
    """``round`` is given."""

    round: SelectionRound
    title, unit, order, filterset = "隐名材料核对", "份材料", OLDEST_FIRST, BlindPaperFilter
    lead = "分发评审材料以前，逐份核对遮盖是否齐全、是否误遮；专家只读到遮盖以后的文字。"

    candidate = Column("人选", path="person.name", link="talents:masking", title=True)
    unit_name = Column("推荐单位", path="unit.name")
    masked = Column("已遮盖", number=True, unit="处", blank="0")
    suspects = Column("疑似未遮盖", cell="talents/_suspects.html")

    def rows(self) -> QuerySet[Any]:
        return papers_to_look_through(self.user, self.round)

    def bound_filter(self) -> Any:
        desk = reverse("talents:review-desk", args=[self.round.code])
        self.kicker, self.trail = self.round.name, (*trail_of(self.round), ("评审", desk))
        return super().bound_filter()

    def prepared(self, rows: list[Any]) -> list[Any]:
        found = looked_through(rows)
        for row in rows:
            row.masked = sum(1 for one in found[row.pk] for passage in one.passages if passage.why)
            row.suspects = sum(len(one.suspects) for one in found[row.pk])
        return rows

    def empty(self) -> Empty:
        return Empty("还没有推荐人选", "人选申报后，评审材料列在这里。")


class MaskingTable(Table):
    title, unit, order, filterset = "遮盖决定", "项决定", NEWEST_FIRST, MaskingFilter

    words = Column("词语", title=True)
    candidate = Column("人选", path="nomination.person.name")
    round = Column("轮次", path="nomination.round.name")
    decision = Column("决定", choice="decision")
    reason = Column("理由")
    decided_by = Column("决定人")
    decided_at = Column("决定时间", css="figures")

    def rows(self) -> QuerySet[Any]:
        return maskings_in_scope(self.user)
