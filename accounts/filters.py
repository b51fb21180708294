"""The questions one may ask of the tree and of the roles in it; the same for page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django import forms

from accounts.selectors import WITHOUT_ROLE, has_no_role
from accounts.services.grants import account_named
from organizations.models import CredentialReset, Membership, Organization, User
from organizations.names import title_contains
from organizations.roles import Role
from pages.filters import ByForce, choice_filter, search_filter

if TYPE_CHECKING:
    from django.db.models import QuerySet

ACTIVE = [("yes", "启用"), ("no", "停用")]
WAITING = [("yes", "待复核"), ("no", "已办理")]


class OrganizationFilter(ByForce):
    """Bodies by name or code, kind, whether they are in force, and what they lie under."""

    q = search_filter("组织", "名称、拼音首字母、编码或信用代码")
    kind = choice_filter("类型", choices=Organization.Kind.choices)
    under = django_filters.CharFilter(
        label="上级编码",
        method="below",
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "其下全部组织"}),
    )

    class Meta:
        model = Organization
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(title_contains(value))

    def below(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Everything under the body with this code, as far as it can be seen."""
        top = rows.filter(code=value).values_list("path", flat=True).first()
        return rows.filter(path__startswith=top) if top else rows.none()


class MembershipFilter(ByForce):
    """Roles by account, kind of role and whether they are in force."""

    q = search_filter("账号", "账号或姓名的开头")
    role = choice_filter("角色", choices=Role.choices)

    class Meta:
        model = Membership
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(account_named(value, route="user__"))


class LendingFilter(ByForce):
    """Lendings by the name of either of the two, and whether they last."""

    q = search_filter("姓名", "委托人或代理人的账号、姓名开头")

    class Meta:
        model = Membership
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        lender = account_named(value, route="stands_for__user__")
        return rows.filter(lender | account_named(value, route="user__"))


class AccountFilter(django_filters.FilterSet):
    """Accounts by name and whether they are open."""

    q = search_filter("账号", "账号或姓名的开头")
    active = choice_filter("登录", choices=ACTIVE, method="by_activity")
    role = choice_filter("角色", choices=[(WITHOUT_ROLE, "没有角色")], method="by_role")

    class Meta:
        model = User
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(account_named(value))

    def by_activity(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_active=value == "yes")

    def by_role(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(has_no_role())


class ResetFilter(django_filters.FilterSet):
    """Resets of an account, and those that still wait for a second administrator."""

    q = search_filter("账号", "账号或姓名的开头")
    waiting = choice_filter("办理", choices=WAITING, method="by_approval")

    class Meta:
        model = CredentialReset
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(account_named(value, route="owner__"))

    def by_approval(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(approved_at__isnull=value == "yes")
