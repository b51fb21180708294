"""Meetings of panels and what belongs to them, for the back office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.tables import Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters.panels import (
    PanelDecisionFilter,
    PanelFilter,
    PanelMemberFilter,
    PanelRecusalFilter,
)
from talents.models import PanelDecision, PanelMember, PanelRecusal
from talents.selectors.panels import panels_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

PANEL_TONES = {
    "draft": "warn",
    "submitted": "warn",
    "confirmed": "good",
    "replaced": "plain",
    "dropped": "plain",
}
DECISION_TONES = {"": "plain", "name": "good", "reserve": "info", "reject": "plain"}


class PanelTable(Table):
    title, unit, order, filterset = "评审委员会会议", "次会议", NEWEST_FIRST, PanelFilter

    minutes_number = Column("会议纪要编号", title=True)
    round = Column("轮次", path="round.name")
    held_on = Column("会议日期", css="figures")
    entered_by = Column("录入人")
    confirmed_by = Column("确认人")
    state = Column("状态", choice="state", tones=PANEL_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return panels_in_scope(self.user)


class PanelMemberTable(Table):
    title, unit, order, filterset = "评审委员", "名委员", NEWEST_FIRST, PanelMemberFilter

    name = Column("姓名", title=True)
    panel = Column("会议")
    present = Column("到会", value=lambda row: "到会" if row.is_present else "缺席")

    def rows(self) -> QuerySet[Any]:
        return PanelMember.objects.visible_to(self.user).select_related("panel__round")


class PanelDecisionTable(Table):
    title, unit, order, filterset = "表决结果", "名人选", NEWEST_FIRST, PanelDecisionFilter

    candidate = Column("人选", path="nomination.person.name", title=True)
    panel = Column("会议")
    rank = Column("名次", number=True)
    voters = Column("应投票数", number=True)
    votes_for = Column("同意", number=True)
    votes_against = Column("不同意", number=True)
    votes_abstain = Column("弃权", number=True)
    decision = Column("决定", choice="decision", tones=DECISION_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        rows = PanelDecision.objects.visible_to(self.user)
        return rows.select_related("panel__round", "nomination__person")


class PanelRecusalTable(Table):
    title, unit, order, filterset = "评审委员回避", "次回避", NEWEST_FIRST, PanelRecusalFilter

    member = Column("委员", path="member.name", title=True)
    candidate = Column("人选", path="decision.nomination.person.name")
    panel = Column("会议", path="decision.panel")
    ground = Column("缘由", choice="ground")

    def rows(self) -> QuerySet[Any]:
        rows = PanelRecusal.objects.visible_to(self.user)
        return rows.select_related(
            "member", "decision__panel__round", "decision__nomination__person"
        )
