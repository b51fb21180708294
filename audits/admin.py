"""The back office of audits: everything as it was written, nothing to be changed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from audits.models import Engagement, Finding, Paper, Sample
from audits.models.engagements import AUDITORS
from audits.selectors.audits import findings_in_scope
from audits.tables import EngagementTable, FindingTable, PaperTable, SampleTable
from pages.admin.recorded import RecordedAdmin
from pages.permissions import user_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Engagement)
class EngagementAdmin(RecordedAdmin):
    table, page, listed = EngagementTable, ("audits:engagement", "pk"), "audits:engagements"
    view_roles = AUDITORS


@admin.register(Sample)
class SampleAdmin(RecordedAdmin):
    table, page = SampleTable, ("audits:sample", "pk")
    view_roles = AUDITORS


@admin.register(Paper)
class PaperAdmin(RecordedAdmin):
    table, page, listed = PaperTable, ("audits:paper", "pk"), "audits:papers"
    view_roles = AUDITORS


@admin.register(Finding)
class FindingAdmin(RecordedAdmin):
    table, page, listed = FindingTable, ("audits:finding", "pk"), "audits:findings"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        """Drafts are the auditors' own here, too."""
        return findings_in_scope(user_of(request))
