"""Accounts: opened, closed and unlocked by the system administrator, who gives no roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from accounts.forms import AccountForm
from accounts.permissions import ACCOUNT_KEEPERS, may_keep
from accounts.services import grants, resets
from accounts.tables import AccountTable, ResetTable, roles_of
from organizations.models import CredentialReset, User
from organizations.roles import SEPARATED_ADMINS
from organizations.scoping import home_of
from organizations.selectors import accounts_in_scope
from pages.admin.recorded import RecordedAdmin, VersionedForm
from pages.permissions import user_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from organizations.models import Organization


@admin.register(User)
class UserAdmin(RecordedAdmin):
    view_roles = SEPARATED_ADMINS
    add_roles = change_roles = ACCOUNT_KEEPERS

    form, table, correctable = AccountForm, AccountTable, grants.ACCOUNT
    ordering = ("username",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return accounts_in_scope(user_of(request))

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple:
        if obj is None:
            return ("username", "display_name", "identity", "new_password")
        if not self.has_change_permission(request, obj):
            return ("username", "display_name", "is_known", "is_active", "roles", "last_login")
        known = "identity" if obj.owner_digest is None else "is_known"
        return (
            "username", "display_name", known, "is_active", "roles", "last_login", "new_password",
        )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        return ("username", "is_known", "roles", "last_login") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return super().has_change_permission(request)
        return may_keep.allows(user_of(request), obj)

    def organization_of(self, obj: Any) -> Organization | None:
        return home_of(obj)

    @admin.display(description="本人身份")
    def is_known(self, user: User) -> str:
        return "已登记" if user.owner_digest else "未登记"

    @admin.display(description="角色")
    def roles(self, user: User) -> str:
        return roles_of(user) or "—"

    def enter(self, obj: Any, form: VersionedForm, actor: User) -> None:
        given = form.cleaned_data
        obj.pk = grants.open_account(
            given["username"],
            display_name=given["display_name"],
            password=given["new_password"],
            identity=given["identity"].text,
            actor=actor,
        ).pk

    def correct(self, obj: Any, form: VersionedForm, actor: User) -> None:
        given = form.cleaned_data
        grants.correct_account(obj, given, actor=actor, **form.words)
        if given.get("identity"):
            grants.tie_account(obj, given["identity"].text, actor=actor)
        if given["new_password"]:
            resets.ask_password(obj, given["new_password"], actor=actor)


@admin.register(CredentialReset)
class CredentialResetAdmin(RecordedAdmin):
    """What one administrator asked for and another one has to have done."""

    table, view_roles = ResetTable, SEPARATED_ADMINS
    fields = ("owner", "kind", "asked_by", "asked_at", "approved_by", "approved_at")

    def organization_of(self, obj: Any) -> Organization | None:
        return home_of(obj.owner)
