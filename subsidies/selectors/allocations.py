"""Allocations with their shares, and academies' bank accounts: scoped; what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum
from django.urls import reverse

from academies.models import Academy
from organizations.roles import Role
from organizations.scoping import within_reach
from subsidies.models import Allocation, PayeeAccount, Share
from subsidies.selectors.waiting import drawn_by_others, filed_by_others
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def allocations_in_scope(user: User) -> QuerySet[Allocation]:
    """Allocations with what they gave to how many."""
    rows = Allocation.objects.visible_to(user).select_related(
        "fund__organization", "edition", "drawn_by", "signed_by"
    )
    return rows.annotate(
        given=Sum("shares__amount"), count=Count("shares", filter=Q(shares__amount__gt=0))
    )


def shares_in_scope(user: User) -> QuerySet[Share]:
    return Share.objects.visible_to(user).select_related(
        "allocation__fund__organization", "academy"
    )


def account_in_use(academy: Academy, user: User) -> PayeeAccount | None:
    """Where the academy is paid to now, as far as ``user`` may see."""
    rows = payee_accounts_in_scope(user)
    return rows.filter(academy=academy, state=PayeeAccount.State.CONFIRMED).first()


def payee_accounts_in_scope(user: User) -> QuerySet[PayeeAccount]:
    return PayeeAccount.objects.visible_to(user).select_related(
        "academy__organization", "academy__supervising_union", "filed_by", "called_by"
    )


def offered(academy: Academy, year: int, source: str, user: User) -> Share | None:
    """What a signed allocation gives the academy of a year's fund; None where there is none."""
    rows = shares_in_scope(user).filter(
        academy=academy,
        allocation__fund__year=year,
        allocation__fund__source=source,
        allocation__state=Allocation.State.SIGNED,
    )
    return rows.first()


def planning_queues(user: User) -> list[Queue]:
    """For approvers: allocations to sign."""
    reach = within_reach(user, [Role.APPROVER], "fund__organization__path")
    waiting = Allocation.objects.visible_to(user).filter(
        reach, drawn_by_others(user), state=Allocation.State.DRAWN
    )
    return [
        Queue(
            f"待批准的{row.fund}分配方案",
            1,
            reverse("subsidies:allocation", args=[row.pk]),
            unit="份",
            tone="warn",
        )
        for row in waiting.select_related("fund")[:3]
    ]


def calling_queues(user: User) -> list[Queue]:
    """For finance: accounts that wait for the call back."""
    reach = within_reach(user, [Role.FINANCE], "academy__supervising_union__path")
    held = PayeeAccount.objects.visible_to(user).filter(
        reach, filed_by_others(user), state=PayeeAccount.State.HELD
    )
    count = held.count()
    address = f"{reverse('subsidies:payee-accounts')}?state=held&is_mine=true"
    note = "确认前该学院暂停拨付"
    found = Queue("待回访确认的账户", count, address, unit="个", tone="warn", note=note)
    return [found] if count else []


def account_queues(user: User) -> list[Queue]:
    """For academies: no account on file, so nothing can be paid by list."""
    reach = within_reach(user, [Role.ACADEMY_MANAGER], "organization__path")
    standing = (
        PayeeAccount.objects.visible_to(user)
        .filter(state__in=["held", "confirmed"])
        .values("academy")
    )
    waiting = Academy.objects.visible_to(user).filter(
        reach, grants__state__in=["approved", "endorsed"]
    )
    return [
        Queue(
            "待填报收款账户",
            1,
            reverse("subsidies:account-new", args=[academy.code]),
            unit="个",
            tone="warn",
            note=academy.name,
        )
        for academy in waiting.exclude(pk__in=standing).distinct()[:3]
    ]
