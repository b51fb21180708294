"""The union tree and the roles held in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from accounts.forms import MembershipForm, OrganizationForm
from accounts.permissions import ROLE_KEEPERS
from accounts.services import grants, structure
from accounts.tables import OrganizationTable, RoleTable
from organizations.models import Membership, Organization
from organizations.roles import SEPARATED_ADMINS, STAFF, Role
from pages.admin.recorded import RecordedAdmin, VersionedForm

if TYPE_CHECKING:
    from django.http import HttpRequest

    from organizations.models import User

FACTS = ("code", "name", "uscc", "region_code", "industry", "valid_from")


@admin.register(Organization)
class OrganizationAdmin(RecordedAdmin):
    view_roles = STAFF | {Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}
    add_roles = change_roles = STAFF

    form, table, correctable = OrganizationForm, OrganizationTable, structure.BODY
    page, listed = ("organizations:detail", "pk"), "organizations:list"
    autocomplete_fields = ("parent",)
    ordering = ("path",)

    def get_fields(self, request: HttpRequest, obj: Organization | None = None) -> tuple:
        return (*FACTS, "kind", "parent", *(("valid_until",) if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        return ("kind",) if obj else ()

    def enter(self, obj: Any, form: VersionedForm, actor: User) -> None:
        given = form.cleaned_data
        facts = {name: given[name] for name in (*FACTS, "kind")}
        obj.pk = structure.register(parent=given["parent"], actor=actor, **facts).pk
        obj.refresh_from_db()

    def correct(self, obj: Any, form: VersionedForm, actor: User) -> None:
        given = form.cleaned_data
        row = Organization.objects.visible_to(actor).select_related("parent").get(pk=obj.pk)
        note, facts = given["note"], {name: given[name] for name in FACTS}
        structure.correct(row, facts, version=given["version"], actor=actor, note=note)
        if "parent" in form.changed_data:
            structure.move(row, parent=given["parent"], actor=actor, note=note)
        if "valid_until" in form.changed_data:
            structure.close(row, on=given["valid_until"], actor=actor, note=note)


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin):
    """A role is given once and ends on a day; it is never rewritten."""

    view_roles = STAFF | {Role.AUDITOR} | SEPARATED_ADMINS
    add_roles = change_roles = ROLE_KEEPERS

    form, table, correctable = MembershipForm, RoleTable, grants.TERM
    autocomplete_fields = ("user", "organization")

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple:
        facts = ("user", "organization", "role", "valid_from")
        return (*facts, "valid_until", "note") if obj else (*facts, "note")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        return ("user", "organization", "role", "valid_from") if obj else ()

    def enter(self, obj: Any, form: VersionedForm, actor: User) -> None:
        grants.grant(obj, actor=actor, note=form.cleaned_data["note"])

    def correct(self, obj: Any, form: VersionedForm, actor: User) -> None:
        given = form.cleaned_data
        if "valid_until" in form.changed_data:
            grants.revoke(obj, actor=actor, on=given["valid_until"], **form.words)
