from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils import timezone

from organizations.roles import STAFF, Role
from pages.admin.recorded import RecordedAdmin
from pages.admin.scoped import ScopedAdmin
from policies.models import DefaultConfirmation, EditionDefault, EditionDraft, PolicyEdition
from policies.selectors.editions import editions_for_list
from policies.tables import ConfirmationTable, DefaultTable, DraftTable, EditionTable

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


@admin.register(PolicyEdition)
class PolicyEditionAdmin(ScopedAdmin):
    """Read only: an edition comes as a file or from a draft, and is never edited."""

    table, page, listed = EditionTable, ("policies:edition", "code", "edition"), "policies:list"
    view_roles = STAFF | {Role.AUDITOR, Role.SYSTEM_ADMIN}
    fields = (
        "title", "edition", "issuer", "jurisdiction", "document_number", "status",
        "effective_from", "effective_until", "summary", "digest", "loaded_at",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyEdition]:
        """Every edition: policies are public."""
        return editions_for_list(timezone.localdate())

    def place_of(self, obj: Model) -> str:
        """An edition belongs to no organization."""
        return "/"


@admin.register(EditionDefault)
class EditionDefaultAdmin(RecordedAdmin):
    """Read only: a default comes with its edition, and is confirmed on its page."""

    table, listed = DefaultTable, "policies:defaults"
    fields = ("edition", "section", "title", "digest")
    readonly_fields = fields


@admin.register(DefaultConfirmation)
class DefaultConfirmationAdmin(RecordedAdmin):
    """Read only: added to on the page of the default, never changed."""

    table = ConfirmationTable
    fields = ("default", "document_number", "decided_on", "note", "confirmed_by", "confirmed_at")
    readonly_fields = fields


@admin.register(EditionDraft)
class EditionDraftAdmin(RecordedAdmin):
    """Read only: a draft is written, submitted and put in force on its page."""

    table, page, listed = DraftTable, ("policies:draft", "pk"), "policies:drafts"
    fields = (
        "title", "base", "organization", "state", "status", "document_number",
        "document_title", "publisher", "issued_on", "effective_from", "effective_until", "summary",
        "provenance", "drafted_by", "drafted_at", "edited_at", "activated_by", "result",
    )  # fmt: skip
    readonly_fields = fields
