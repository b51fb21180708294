from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils import timezone

from organizations.roles import STAFF, Role
from pages.admin.scoped import ScopedAdmin
from policies.models import PolicyEdition
from policies.selectors.editions import editions_for_list
from policies.tables import EditionTable

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


@admin.register(PolicyEdition)
class PolicyEditionAdmin(ScopedAdmin):
    """Read only: an edition is issued as a file, loaded once and never edited."""

    table, page, listed = EditionTable, ("policies:edition", "code", "edition"), "policies:list"
    view_roles = STAFF | {Role.AUDITOR, Role.SYSTEM_ADMIN}
    fields = (
        "title", "code", "edition", "issuer", "jurisdiction", "document_number", "status",
        "effective_from", "effective_until", "summary", "digest", "loaded_at", "text",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyEdition]:
        """Every edition: policies are public."""
        return editions_for_list(timezone.localdate())

    def place_of(self, obj: Model) -> str:
        """An edition belongs to no organization."""
        return "/"
