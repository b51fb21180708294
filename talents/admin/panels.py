"""The back office of meetings of panels: read there, entered and confirmed on their pages."""

from __future__ import annotations

from django.contrib import admin

from pages.admin.recorded import RecordedAdmin
from talents.models import Panel, PanelDecision, PanelMember, PanelRecusal
from talents.tables.panels import (
    PanelDecisionTable,
    PanelMemberTable,
    PanelRecusalTable,
    PanelTable,
)


@admin.register(Panel)
class PanelAdmin(RecordedAdmin):
    table, page = PanelTable, ("talents:panel", "pk")
    fields = (
        "round", "number", "held_on", "place", "minutes_number", "corrects", "reason", "state",
        "entered_by", "entered_at", "confirmed_by", "confirmed_on",
    )  # fmt: skip


@admin.register(PanelMember)
class PanelMemberAdmin(RecordedAdmin):
    table, page = PanelMemberTable, ("talents:panel", "panel_id")
    fields = ("panel", "expert", "staff", "name", "is_present")


@admin.register(PanelDecision)
class PanelDecisionAdmin(RecordedAdmin):
    table, page = PanelDecisionTable, ("talents:panel", "panel_id")
    fields = (
        "panel", "nomination", "position", "rank", "score", "voters", "votes_for", "votes_against",
        "votes_abstain", "decision", "departs_from_ranking", "departs_from_majority", "reason",
    )  # fmt: skip


@admin.register(PanelRecusal)
class PanelRecusalAdmin(RecordedAdmin):
    table, page = PanelRecusalTable, ("talents:panel", "decision.panel_id")
    fields = ("member", "decision", "ground", "told")
