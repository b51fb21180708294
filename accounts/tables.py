"""The lists of bodies, in the order of the tree, of accounts and of the roles they hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from accounts.filters import (
    AccountFilter,
    LendingFilter,
    MembershipFilter,
    OrganizationFilter,
    ResetFilter,
)
from accounts.permissions import (
    may_approve_resets,
    may_import_tree,
    may_lend_some,
    may_open_accounts,
)
from accounts.services import grants, resets
from organizations.models import CredentialReset, Membership, User
from organizations.scoping import home_of
from organizations.selectors import (
    accounts_in_scope,
    memberships_in_scope,
    organizations_in_scope,
)
from pages.tables import Button, Empty, Table
from pages.tables.bulk import Bulk, for_user, one_by_one
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, Order

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization


class OrganizationTable(Table):
    """What goes out can come in again: the workbook has the columns of the import."""

    title, unit, numbered = "组织机构", "个组织", True
    lead = "您可见范围内的工会与单位，按隶属关系排列。"
    filterset, order, workbook = OrganizationFilter, Order("path"), "组织机构"
    nothing_found = Empty("没有符合条件的组织", "请放宽筛选条件后再查。")

    code = Column("编码", only_exported=True)
    name = Column(
        "名称", cell="accounts/_body.html", text=lambda row: row.name, title=True, sort="name"
    )
    kind = Column("类型", choice="kind", sort="kind")
    parent = Column("上级", path="parent.name")
    parent_code = Column("上级编码", path="parent.code", only_exported=True, blank="")
    uscc = Column("统一社会信用代码", css="figures", exported=True, width=22)
    region_code = Column("区划代码", css="figures", exported=True)
    industry = Column("行业门类", hidden=True, exported=True)
    valid_from = Column("启用", css="figures", sort="valid_from")
    state = Column(
        "状态", cell="accounts/_force.html", badge=True, text=lambda row: row.valid_until
    )

    def rows(self) -> QuerySet[Any]:
        return organizations_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_import_tree.allows(self.user):
            return []
        return [
            Button("导入组织机构表", reverse("intake:upload", args=["organizations"]), "upload")
        ]

    def empty(self) -> Empty:
        return Empty("没有可见的组织", "账号还没有分配角色，请联系本级安全管理员授权。")

    def export_organization(self) -> Organization | None:
        return home_of(self.user)

    def exported(self) -> list[Column]:
        """The columns of the import, under its headings, and the day a body ended."""
        heads = {"valid_from": "启用日期", "state": "停用日期"}
        order = (
            "code", "name", "kind", "parent_code", "uscc", "region_code", "industry", "valid_from",
            "state",
        )  # fmt: skip
        found = [self.declared[name] for name in order]
        return [replace(c, heading=heads.get(c.name, c.heading)) for c in found]


def roles_of(account: Any) -> str:
    """The roles ``held`` by an account of ``accounts_in_scope``, in words."""
    return "；".join(f"{m.organization.name} {m.get_role_display()}" for m in account.held)


def _seen(pk: int, user: User) -> User:
    """The account, as far as ``user`` sees it."""
    return User.objects.visible_to(user).get(pk=pk)


class AccountTable(Table):
    """Accounts with the roles they hold, as far as these can be seen."""

    title, unit = "账号", "个账号"
    filterset, order = AccountFilter, Order("username")
    nothing_found = Empty("没有符合条件的账号", "请核对账号或姓名的开头。")
    bulk = (
        Bulk(
            "unlock",
            "解除登录锁定",
            one_by_one(lambda pk, user, note: grants.unlock(_seen(pk, user), actor=user)),
            may=for_user(may_open_accounts),
            consequences=("账号可以立即重新登录；逐个留下记录。",),
        ),
        Bulk(
            "remove-second-factor",
            "申请取消两步验证",
            one_by_one(lambda pk, user, note: resets.ask_factor(_seen(pk, user), actor=user)),
            may=for_user(may_open_accounts),
            tone="bad",
            consequences=(
                "限本人遗失验证设备时；须由另一位系统管理员或安全管理员复核后才取消；",
                "取消后通知本人和审计管理员，请本人登录并重新设置。",
            ),
        ),
    )

    username = Column("账号", title=True, sort="username")
    display_name = Column("姓名")
    is_active = Column("登录", value=lambda user: "启用" if user.is_active else "停用", badge=True)
    roles = Column("角色", value=roles_of)
    last_login = Column("上次登录", css="figures")

    def rows(self) -> QuerySet[Any]:
        return accounts_in_scope(self.user)


class ResetTable(Table):
    """Resets asked for and done: who asked, who had it done."""

    title, unit = "密码与验证重置", "项重置"
    lead = "一位管理员申请，另一位复核后生效；本人和审计管理员会收到通知。"
    filterset, order = ResetFilter, NEWEST_FIRST
    nothing_found = Empty("没有符合条件的重置")
    bulk = (
        Bulk(
            "approve",
            "复核办理",
            one_by_one(lambda pk, user, note: resets.approve(pk, actor=user)),
            may=for_user(may_approve_resets),
            tone="bad",
            consequences=(
                "请先向本人核实；办理后原密码或验证设备立即失效，已登录的会话退出；",
                "临时密码一日内有效，只能用来登录并改成自己的密码；通知本人和审计管理员。",
            ),
        ),
    )

    account = Column("账号", path="owner", title=True)
    username = Column("账号名", path="owner.username")
    kind = Column("事项", choice="kind")
    asked_by = Column("申请人")
    asked_at = Column("申请时间", css="figures")
    approved_by = Column("复核人", blank="待复核")
    approved_at = Column("复核时间", css="figures")

    def rows(self) -> QuerySet[Any]:
        rows = CredentialReset.objects.visible_to(self.user)
        return rows.select_related("owner", "asked_by", "approved_by")


def state_of(row: Any) -> str:
    """Whether a lending is to come, lasts or has ended, in words."""
    today = timezone.localdate()
    if row.valid_from > today:
        return "未开始"
    return "代理中" if row.valid_until > today else "已结束"


class RoleTable(Table):
    """Roles given, in force or ended."""

    title, unit, workbook = "任职与角色", "项授权", "任职与角色"
    filterset, order = MembershipFilter, NEWEST_FIRST
    nothing_found = Empty("没有符合条件的授权", "请核对账号或姓名的开头。")

    account = Column("账号", path="user", title=True)
    role = Column("角色", choice="role")
    organization = Column("组织")
    valid_from = Column("生效", css="figures")
    valid_until = Column("终止", css="figures", blank="在任")
    stands_for = Column("代理", path="stands_for.user", blank="")

    def rows(self) -> QuerySet[Any]:
        return memberships_in_scope(self.user).select_related("stands_for__user")


class LendingTable(Table):
    """Who stands in for whom: what one lent, and what one was lent."""

    title, unit = "委托代理", "项代理"
    lead = (
        "出差、休假期间，可以请在同一组织任职的同事代为办理。代理人办理的事项记明代理；"
        "凡须由两人办理的，委托人与代理人视同一人。"
    )
    filterset, order = LendingFilter, NEWEST_FIRST
    nothing_found = Empty("没有符合条件的代理")

    lender = Column("委托人", path="stands_for.user")
    stand_in = Column("代理人", path="user", title=True)
    role = Column("角色", choice="role")
    organization = Column("组织")
    valid_from = Column("自", css="figures")
    last_day = Column("至（含当日）", css="figures")
    state = Column("状态", value=state_of, badge=True)
    reason = Column("事由")
    end = Column(
        "终止", link="organizations:delegation-end", action=True,
        value=lambda row: row.last_day is not None and row.last_day >= timezone.localdate(),
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        rows = Membership.lent_around(self.user)
        return rows.select_related("stands_for__user", "user", "organization")

    def buttons(self) -> list[Button]:
        if not may_lend_some.allows(self.user):
            return []
        return [Button("委托同事代理", reverse("organizations:delegate"))]

    def empty(self) -> Empty:
        return Empty("没有委托代理", "您没有请同事代理，也没有代理同事。")
