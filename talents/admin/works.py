"""The back office of results, seeds, own assessment, and of studios with their projects."""

from __future__ import annotations

from django.contrib import admin

from pages.admin.recorded import RecordedAdmin
from talents.models import (
    ActionEntry,
    ActionPartner,
    BoostYear,
    CultivationGoal,
    EducationSpend,
    Studio,
    StudioMember,
    StudioProject,
)
from talents.tables.actions import ActionTable, PartnerTable
from talents.tables.growth import GoalTable
from talents.tables.spending import SpendTable
from talents.tables.studios import BoostTable, MemberTable, ProjectTable, StudioTable


@admin.register(ActionEntry)
class ActionEntryAdmin(RecordedAdmin):
    table, page, listed = ActionTable, ("talents:action", "pk"), "talents:actions"
    fields = (
        "kind", "sort", "organization", "person", "told", "document_number", "held_on", "scan",
        "entered_by", "withdrawn_on",
    )  # fmt: skip


@admin.register(ActionPartner)
class ActionPartnerAdmin(RecordedAdmin):
    table, page = PartnerTable, ("talents:action", "entry_id")
    fields = ("entry", "place", "person")


@admin.register(EducationSpend)
class EducationSpendAdmin(RecordedAdmin):
    table, page, listed = SpendTable, ("talents:spend", "pk"), "talents:spends"
    fields = ("organization", "year", "wages", "spent", "frontline", "entered_by", "withdrawn_on")


@admin.register(Studio)
class StudioAdmin(RecordedAdmin):
    table, page, listed = StudioTable, ("talents:studio", "pk"), "talents:studios"
    fields = (
        "name", "organization", "leader", "field", "founded_on", "level", "document_number",
        "named_on", "state", "proposed_by", "decided_by",
    )  # fmt: skip


@admin.register(StudioMember)
class StudioMemberAdmin(RecordedAdmin):
    table, page = MemberTable, ("talents:studio", "studio_id")
    fields = ("studio", "person", "joined_on", "left_on")


@admin.register(StudioProject)
class StudioProjectAdmin(RecordedAdmin):
    table, page = ProjectTable, ("talents:studio", "studio_id")
    fields = ("studio", "title", "lead", "goals", "starts_on", "ends_on", "registered_by")


@admin.register(BoostYear)
class BoostYearAdmin(RecordedAdmin):
    table, page, listed = BoostTable, ("talents:studio", "project.studio_id"), "talents:boost-years"
    fields = (
        "project", "person", "year", "progress", "accounts", "state", "finding", "filed_by",
        "decided_by", "decided_on",
    )  # fmt: skip


@admin.register(CultivationGoal)
class CultivationGoalAdmin(RecordedAdmin):
    table, page = GoalTable, ("talents:cultivation", "cultivation_id")
    fields = (
        "cultivation", "kind", "goal", "shown_by", "due_on", "project", "outcome", "reached",
        "set_by", "assessed_by",
    )  # fmt: skip
