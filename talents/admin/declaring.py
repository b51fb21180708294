"""The back office of what experts declared; it is declared and put down on its pages."""

from __future__ import annotations

from django.contrib import admin

from pages.admin.recorded import RecordedAdmin
from talents.models import Declaration, DeclaredTie
from talents.tables.declaring import DeclarationTable, DeclaredTieTable


@admin.register(Declaration)
class DeclarationAdmin(RecordedAdmin):
    table, page = DeclarationTable, ("talents:review-desk", "round.code")
    fields = ("round", "expert", "draw", "due_on", "status", "answered_at", "answered_by")


@admin.register(DeclaredTie)
class DeclaredTieAdmin(RecordedAdmin):
    table, page = DeclaredTieTable, ("talents:review-desk", "declaration.round.code")
    fields = ("declaration", "unit", "name", "reason")
