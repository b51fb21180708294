"""What of money waits for whom: the queues of each role's home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from academies.models import Academy
from organizations.roles import Role
from organizations.scoping import within_reach
from subsidies.models import Account, Fund, Grant, Payment
from subsidies.permissions import PLANNERS
from subsidies.selectors.flags import flags_raised
from subsidies.selectors.waiting import (
    budget_drafted,
    budget_returned,
    budgets_for,
    grants_for,
    items_to_approve,
    payments_for,
)
from workflow.queues import Queue

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from organizations.models import User

TEN_THOUSAND = 10_000  # yuan are told in 万元, with the exact sum beside
Filed, Paid, Place = Grant.State, Payment.State, Account.Kind


def finance_queues(user: User) -> list[Queue]:
    """For finance: what is to be ordered, checked and receipted, and what stands where."""
    payments = Payment.objects.visible_to(user).filter(
        within_reach(user, [Role.FINANCE], "grant__fund__organization__path"), payments_for(user)
    )
    return [
        _waiting("待制单的拨款", payments, Paid.PLANNED),
        _waiting("待复核的拨款", payments, Paid.ORDERED, note="由制单人以外的人复核"),
        _waiting("待登记回单", payments, Paid.PAID),
        *_planning(user),
        *_standing(user),
    ]


def staff_queues(user: User) -> list[Queue]:
    """For the unions: applications to give an opinion on or to decide, budgets to sign."""
    grants = Grant.objects.visible_to(user)
    of_union = within_reach(user, [Role.HANDLER, Role.APPROVER], "academy__supervising_union__path")
    of_payer = within_reach(user, [Role.APPROVER], "fund__organization__path")
    queues = [
        _grants(
            "待审核的补助申报",
            grants.filter(of_union, grants_for(user), state=Filed.SUBMITTED),
            query="state=submitted&is_mine=true",
        ),
        _grants(
            "待批复的补助",
            grants.filter(of_payer, grants_for(user), state=Filed.ENDORSED),
            query="state=endorsed&is_mine=true",
        ),
        _grants(
            "待批准的报批事项",
            grants.filter(of_payer & items_to_approve(user)),
            query="has_items=true",
            note="由申报人、审核人以外的审批人逐项批准，批准前不能列支",
        ),
    ]
    budgets = Fund.objects.visible_to(user).filter(
        within_reach(user, [Role.APPROVER], "organization__path"),
        budgets_for(user),
        state=Fund.State.SUBMITTED,
    )
    queues.append(
        Queue(
            "待批准的预算",
            budgets.count(),
            f"{reverse('subsidies:funds')}?state=submitted&is_mine=true",
            unit="项",
            tone="warn",
        )
    )
    queues += _planning(user)
    return [queue for queue in queues if queue.count]


def _planning(user: User) -> list[Queue]:
    """For who draws up budgets: those sent back, and those not handed in yet."""
    funds = Fund.objects.visible_to(user).filter(within_reach(user, PLANNERS, "organization__path"))
    listed, queues = reverse("subsidies:funds"), []
    for title, which, query, tone, note in (
        ("退回待重编的预算", budget_returned(), "is_returned", "bad", "按退回的事由重编后再提交"),
        ("待提交的预算", budget_drafted(), "is_drafted", "warn", "编制后提交审批人批准"),
    ):
        if count := funds.filter(which).count():
            href = f"{listed}?{query}=true"
            queues.append(Queue(title, count, href, "项", tone=tone, note=note))
    return queues


def manager_queues(user: User) -> list[Queue]:
    """For academies: applications to finish or to begin, and what is left on the separate account."""
    year = timezone.localdate().year
    grants = Grant.objects.visible_to(user)
    queues = [
        Queue(
            f"待提交的{row.fund}申报",
            f"{row.applied / TEN_THOUSAND:,.2f}",
            reverse("subsidies:grant", args=[row.pk]),
            unit="万元",
            tone="warn",
            note=f"{row.applied:,.2f}元",
        )
        for row in grants.filter(state=Filed.DRAFT).select_related("fund")[:3]
    ]
    begun = grants.filter(fund__year=year).exclude(state=Filed.REFUSED)
    academies = Academy.objects.visible_to(user).exclude(pk__in=begun.values("academy"))
    queues += [
        Queue(
            f"可申报{year}年补助",
            1,
            reverse("subsidies:grant-new", args=[academy.code, year]),
            unit="项",
            note=academy.name,
        )
        for academy in academies.filter(tier=Academy.Tier.CAPITAL).order_by("code")[:3]
    ]
    return queues + _standing(user)


def oversight_queues(user: User) -> list[Queue]:
    """For audit: what looks odd, and how much money stands where."""
    found = [
        Queue(
            raised.flag.title,
            len(raised.hits),
            f"{reverse('subsidies:flags')}#{raised.flag.code}",
            unit="处",
            tone="warn",
            note=raised.flag.rule,
        )
        for raised in flags_raised(user)
        if raised.hits
    ]
    return found + _standing(user)


def _waiting(title: str, mine: QuerySet[Payment], state: str, note: str = "") -> Queue:
    rows = mine.filter(state=state)
    count = rows.count()
    return Queue(
        title,
        count,
        f"{reverse('subsidies:payments')}?state={state}&is_mine=true",
        unit="期",
        tone="warn" if count else "",
        note=note or _sum(rows.aggregate(total=Sum("amount"))["total"]),
    )


def _grants(title: str, rows: QuerySet[Grant], *, query: str, note: str = "") -> Queue:
    note = note or _sum(rows.aggregate(total=Sum("applied"))["total"])
    address = f"{reverse('subsidies:grants')}?{query}"
    return Queue(title, rows.count(), address, unit="笔", tone="warn", note=note)


def _standing(user: User) -> list[Queue]:
    """What is held and what was spent in all accounts within reach."""
    kinds = [Place.RESERVED, Place.HELD, Place.SPENT]
    rows = Account.objects.visible_to(user).filter(kind__in=kinds)
    sums = dict(rows.values_list("kind").annotate(total=Sum("balance")))
    places = {
        Place.RESERVED: reverse("subsidies:payments"),
        Place.HELD: reverse("subsidies:grants"),
        Place.SPENT: reverse("subsidies:expenses"),
    }
    return [
        Queue(
            kind.label,
            f"{sums[kind] / TEN_THOUSAND:,.2f}",
            places[kind],
            unit="万元",
            note=f"{sums[kind]:,.2f}元",
        )
        for kind in kinds
        if sums.get(kind)
    ]


def _sum(total: Decimal | None) -> str:
    return f"共{total:,.2f}元" if total else ""
