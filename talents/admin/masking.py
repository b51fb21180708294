"""The back office of what was decided about words of blind papers."""

from __future__ import annotations

from django.contrib import admin

from pages.admin.recorded import RecordedAdmin
from talents.models import Masking
from talents.tables.masking import MaskingTable


@admin.register(Masking)
class MaskingAdmin(RecordedAdmin):
    table, page = MaskingTable, ("talents:masking", "nomination_id")
    fields = (
        "nomination", "words", "decision", "reason", "is_late", "decided_by", "decided_at",
    )  # fmt: skip
