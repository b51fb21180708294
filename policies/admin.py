from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils import timezone

from organizations.roles import STAFF, Role
from pages.admin.scoped import ScopedAdmin
from policies.models import PolicyEdition
from policies.selectors.editions import STANDINGS, editions_for_list

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


@admin.register(PolicyEdition)
class PolicyEditionAdmin(ScopedAdmin):
    """Read only: an edition is issued as a file, loaded once and never edited."""

    view_roles = STAFF | {Role.AUDITOR, Role.SYSTEM_ADMIN}
    list_display = (
        "title",
        "code",
        "edition",
        "jurisdiction",
        "standing",
        "effective_from",
        "effective_until",
    )
    list_filter = ("status",)
    search_fields = ("title", "code", "issuer")
    search_help_text = "按名称、编码或发布机关查找"
    ordering = ("jurisdiction", "code", "-edition")
    fields = (
        "title", "code", "edition", "issuer", "jurisdiction", "document_number", "status",
        "effective_from", "effective_until", "summary", "digest", "loaded_at", "text",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyEdition]:
        """Every edition: policies are public."""
        return editions_for_list(timezone.localdate()).order_by(*self.ordering)

    def place_of(self, obj: Model) -> str:
        """An edition belongs to no organization."""
        return "/"

    @admin.display(description="目前")
    def standing(self, edition: PolicyEdition) -> str:
        return STANDINGS[edition.standing]
