"""Accounts: opened, closed and unlocked by the system administrator, who gives no roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Prefetch

from accounts.forms import AccountForm
from accounts.permissions import ACCOUNT_KEEPERS, may_keep
from accounts.services import grants
from organizations.models import Membership, User
from organizations.roles import SEPARATED_ADMINS
from organizations.scoping import SYSTEM_USERNAME, home_of
from pages.admin.recorded import RecordedAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest

    from organizations.models import Organization


@admin.register(User)
class UserAdmin(RecordedAdmin):
    view_roles = SEPARATED_ADMINS
    add_roles = change_roles = ACCOUNT_KEEPERS

    form = AccountForm
    list_display = ("username", "display_name", "is_active", "roles", "last_login")
    list_filter = ("is_active",)
    ordering = ("username",)
    search_fields = ("username",)
    search_help_text = "按账号或姓名查找"
    actions = ("unlock", "remove_second_factor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        held = Membership.objects.visible_to(request.user).select_related("organization")
        accounts = super().get_queryset(request).exclude(username=SYSTEM_USERNAME)
        return accounts.prefetch_related(Prefetch("memberships", held, to_attr="held"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(grants.account_named(search_term)), False

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple:
        if obj is None:
            return ("username", "display_name", "new_password")
        if not self.has_change_permission(request, obj):
            return ("username", "display_name", "is_active", "roles", "last_login")
        return (
            "username", "display_name", "is_active", "roles", "last_login", "new_password",
        )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        return ("username", "roles", "last_login") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is None:
            return super().has_change_permission(request)
        return may_keep.allows(request.user, obj)

    def organization_of(self, obj: User) -> Organization | None:
        return home_of(obj)

    @admin.display(description="角色")
    def roles(self, user: User) -> str:
        return "；".join(f"{m.organization.name} {m.get_role_display()}" for m in user.held) or "—"

    def save_model(
        self,
        request: HttpRequest,
        obj: User,
        form: ModelForm,
        change: bool,  # noqa: FBT001
    ) -> None:
        given, actor = form.cleaned_data, request.user
        if not change:
            obj.pk = grants.open_account(
                given["username"],
                display_name=given["display_name"],
                password=given["new_password"],
                actor=actor,
            ).pk
            return
        grants.correct_account(
            obj,
            display_name=given["display_name"],
            is_active=given["is_active"],
            actor=actor,
        )
        if given["new_password"]:
            grants.set_password(obj, given["new_password"], actor=actor)

    @admin.action(description="解除登录锁定", permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            grants.unlock(user, actor=request.user)
        messages.success(request, "已解除登录锁定")

    @admin.action(description="取消两步验证（本人遗失验证设备时）", permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            grants.remove_second_factor(user, actor=request.user)
        messages.success(request, "已取消两步验证，请本人登录后重新设置")
