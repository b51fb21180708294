"""Accounts as the administrators' pages count them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.permissions import may_approve_resets, may_give_roles_somewhere
from organizations.models import CredentialReset, Membership, User
from organizations.scoping import SYSTEM_USERNAME
from organizations.validity import in_force
from pages.readings import SUBJECT as READINGS
from pages.selectors import notice_queues
from pages.tables.paging import counted
from workflow.queues import Queue

WITHOUT_ROLE = "none"


def has_no_role() -> Q:
    """Accounts that hold no role today, whether they never did or it ended."""
    held = Membership.objects.filter(in_force(), user=OuterRef("pk"))
    return Q(~Exists(held))


def reset_queues(user: User) -> list[Queue]:
    """For who may have resets done that others asked for."""
    if not may_approve_resets.allows(user):
        return []
    rows = CredentialReset.objects.visible_to(user).filter(approved_at__isnull=True)
    waiting = counted(rows.exclude(asked_by=user).exclude(owner=user))
    if not waiting:
        return []
    address = reverse("admin:organizations_credentialreset_changelist")
    note = "向本人核实后复核办理"
    href = f"{address}?waiting=yes"
    return [Queue("待复核的重置", str(waiting), href, unit="项", tone="warn", note=note)]


def watcher_queues(user: User) -> list[Queue]:
    """For who watches over data: accounts that read very many persons, until that was looked into."""
    note = "核对办理记录；确有异常的，停用账号并报告"
    return notice_queues(user, READINGS, "大量读取人员", tone="bad", note=note)


def administrator_queues(user: User) -> list[Queue]:
    """For who gives roles: open accounts that wait for one."""
    if not may_give_roles_somewhere.allows(user):
        return []
    rows = User.objects.visible_to(user).filter(has_no_role(), is_active=True)
    waiting = counted(rows.exclude(username=SYSTEM_USERNAME))
    if not waiting:
        return []
    address = reverse("admin:organizations_user_changelist")
    return [
        Queue(
            "待授予角色的账号",
            str(waiting),
            f"{address}?role={WITHOUT_ROLE}&active=yes",
            unit="个",
            tone="warn",
            note="授予角色；不再使用的由系统管理员停用",
        )
    ]
