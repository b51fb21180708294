"""Accounts of years: scoped; which are due, which wait to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from organizations.scoping import within_reach
from subsidies.models import Account, Entry, Grant, Settlement
from subsidies.models.expenses import LEFT_BY_AUDIT
from subsidies.models.funds import NOTHING
from subsidies.permissions.settlements import SETTLED_FROM
from subsidies.rules.eligibility import is_loaded
from subsidies.rules.settling import due_on
from subsidies.selectors.money import entries_in_scope, expenses_in_scope
from subsidies.selectors.waiting import drawn_by_others
from workflow.queues import Queue

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    from organizations.models import User
    from subsidies.models import Expense

State = Settlement.State


def settlements_in_scope(user: User) -> QuerySet[Settlement]:
    return Settlement.objects.visible_to(user).select_related(
        "grant__academy__organization",
        "grant__academy__supervising_union",
        "grant__fund__organization",
        "drawn_by",
        "confirmed_by",
    )


def spent_by_use(grant: Grant, user: User) -> list[dict[str, Any]]:
    """What was spent for each use: how often, how much."""
    rows = expenses_in_scope(user).filter(academy=grant.academy, fund=grant.fund, red=None)
    sums: Any = rows.order_by().values("use_title").annotate(count=Count("pk"), total=Sum("amount"))
    return list(sums.order_by("-total"))


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What an audit took off an expense, before its year was settled or after."""

    expense: Expense
    rest: Decimal

    @property
    def cut(self) -> Decimal:
        return self.expense.amount - self.rest

    @property
    def source(self) -> str:
        """Which finding."""
        return self.expense.red.note if self.expense.red else ""


def adjustments_of(grant: Grant, user: User) -> list[Adjustment]:
    """What audits took off the expenses of a year; of expenses only such a red entry takes two."""
    found = {"red__reason": Entry.Reason.FINDING, "red__approved_by__isnull": False}
    rows = expenses_in_scope(user).filter(academy=grant.academy, fund=grant.fund, **found)
    cut = list(rows.order_by("red"))
    keys = [f"{LEFT_BY_AUDIT}{row.red_id}" for row in cut]
    rests = dict(entries_in_scope(user).filter(key__in=keys).values_list("key", "amount"))
    return [Adjustment(row, rests.get(key, NOTHING)) for row, key in zip(cut, keys, strict=True)]


@dataclass(frozen=True, slots=True)
class Bounced:
    """What the bank sent back after a year was settled, and so was never received.

    ``carried`` of it was taken out of what was carried over, the rest out of what was given back.
    """

    amount: Decimal
    carried: Decimal

    @property
    def given_back(self) -> Decimal:
        return self.amount - self.carried

    @property
    def lines(self) -> list[tuple[str, Decimal]]:
        """What it changes of the account, line by line; none where nothing came back."""
        told = [
            ("审定后银行退票（未实际收到）", self.amount),
            ("其中：退回相应减少", self.given_back),
            ("其中：结转下年相应减少", self.carried),
        ]
        return [(name, sum_) for name, sum_ in told if sum_]


def bounced_after(settlement: Settlement, user: User) -> Bounced:
    """What the bank sent back since, by the ledger."""
    grant, rows = settlement.grant, entries_in_scope(user)
    back = rows.filter(kind=Entry.Kind.RELEASE, key__startswith=f"release:{grant.pk}:")
    amount = back.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    if not amount:
        return Bounced(NOTHING, NOTHING)
    held = {"giver__academy": grant.academy, "giver__fund": grant.fund}
    over = rows.filter(kind=Entry.Kind.CARRY, reversed_by__isnull=True, **held)
    stands = over.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    return Bounced(amount, settlement.carried - stands)


def adjusted_to(settlement: Settlement, user: User) -> Decimal:
    """What was spent after what audits took off since the account was confirmed: what the ledger shows."""
    if settlement.state != State.CONFIRMED:
        return settlement.spent
    grant = settlement.grant
    rows = Account.objects.visible_to(user).filter(academy=grant.academy, fund=grant.fund)
    spent = rows.filter(kind=Account.Kind.SPENT).aggregate(sum=Sum("balance"))["sum"]
    return settlement.spent if spent is None else spent


def without_account(grants: QuerySet[Grant], today: date) -> QuerySet[Grant]:
    """Of ``grants``, those of years that are over whose account is not handed in, or was sent back."""
    rows = grants.filter(state__in=SETTLED_FROM, fund__year__lt=today.year)
    return rows.exclude(settlement__state__in=[State.SUBMITTED, State.CONFIRMED])


def due_queues(user: User) -> list[Queue]:
    """For academies: accounts of years that are over and not closed, with the day they are due."""
    today = timezone.localdate()
    rows = Grant.objects.visible_to(user).filter(
        within_reach(user, [Role.ACADEMY_MANAGER], "academy__organization__path")
    )
    waiting = without_account(rows, today)
    if not is_loaded():
        return []
    return [
        Queue(
            f"待编制的{grant.fund}决算",
            1,
            reverse("subsidies:settlement-new", args=[grant.pk]),
            unit="份",
            deadline=due_on(grant.fund.year, today),
            tone="bad" if due_on(grant.fund.year, today) < today else "warn",
            note=grant.academy.name,
        )
        for grant in waiting.select_related("fund", "academy").order_by("fund__year", "pk")[:3]
    ]


def confirming_queues(user: User) -> list[Queue]:
    """For approvers: accounts handed in; and, of all, those that are late."""
    reach = within_reach(user, [Role.APPROVER], "grant__fund__organization__path")
    waiting = Settlement.objects.visible_to(user).filter(
        reach, drawn_by_others(user), state=State.SUBMITTED
    )
    address = f"{reverse('subsidies:settlements')}?state=submitted&is_mine=true"
    queue = Queue("待审定的决算", waiting.count(), address, unit="份", tone="warn")
    return [queue] if queue.count else []
