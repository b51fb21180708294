"""Funds, grants, entries and expenses: scoped, ordered, with all a page needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import (
    BooleanField,
    Count,
    DecimalField,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from subsidies.models import (
    Account,
    BudgetLine,
    Entitlement,
    Entry,
    Evidence,
    Expense,
    Fund,
    Grant,
    Payment,
    Posting,
    Project,
)
from subsidies.models.funds import CENTS, DIGITS, NOTHING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from django.db.models import QuerySet

    from organizations.models import User

Place = Account.Kind
YUAN = DecimalField(max_digits=DIGITS, decimal_places=CENTS)


def funds_in_scope(user: User) -> QuerySet[Fund]:
    """Funds with what stands in each kind of account."""
    rows = Fund.objects.visible_to(user).select_related("organization")
    return rows.annotate(
        **{
            kind.value: Coalesce(
                Sum("accounts__balance", filter=Q(accounts__kind=kind)), Value(NOTHING), output_field=YUAN
            )
            for kind in (Place.BUDGET, Place.RESERVED, Place.HELD, Place.SPENT, Place.RETURNED, Place.PAID)
        }
    )  # fmt: skip


def budget_lines_in_scope(user: User) -> QuerySet[BudgetLine]:
    return BudgetLine.objects.visible_to(user).select_related("fund__organization")


def accounts_in_scope(user: User) -> QuerySet[Account]:
    return Account.objects.visible_to(user).select_related("fund__organization", "academy")


def entries_in_scope(user: User) -> QuerySet[Entry]:
    rows = Entry.objects.visible_to(user)
    return rows.select_related("giver__fund", "taker", "academy", "made_by", "approved_by")


def grants_in_scope(user: User) -> QuerySet[Grant]:
    """Grants with what of their academy's separate account was spent and is left."""
    rows = Grant.objects.visible_to(user).select_related(
        "academy__organization", "academy__supervising_union", "fund__organization"
    )
    of_it = Account.objects.filter(academy=OuterRef("academy"), fund=OuterRef("fund"))
    is_open = Q(projects__needs_approval=True, projects__decision="")
    return rows.annotate(
        items_open=Count("projects", filter=is_open),
        **{
            kind.value: Coalesce(
                Subquery(of_it.filter(kind=kind).values("balance")[:1]),
                Value(NOTHING),
                output_field=YUAN,
            )
            for kind in (Place.RESERVED, Place.HELD, Place.SPENT)
        },
    )


def whole_of(grant: Grant, user: User) -> list[Grant]:
    """The grants of one application that were not dropped or refused, the leading one first."""
    rows = grants_in_scope(user).filter(grant.whole).exclude(state=Grant.State.REFUSED)
    return sorted(rows, key=lambda row: (row.lead_id is not None, row.pk))


def projects_in_scope(user: User) -> QuerySet[Project]:
    return Project.objects.visible_to(user).select_related("grant__fund__organization")


def payments_in_scope(user: User) -> QuerySet[Payment]:
    rows = Payment.objects.visible_to(user)
    return rows.select_related(
        "grant__academy__organization",
        "grant__academy__supervising_union",
        "grant__fund__organization",
        "entry",
        "ordered_by",
        "checked_by",
        "payee_account",
    )


def expenses_in_scope(user: User) -> QuerySet[Expense]:
    rows = Expense.objects.visible_to(user)
    return rows.select_related(
        "academy__organization", "academy__supervising_union", "fund", "entry", "red", "training_class"
    )  # fmt: skip


def is_found(expense: Expense, user: User) -> bool:
    """Whether an issued finding of an audit names it; audits, which lie above, tell by a function."""
    named: Func = Func(F("pk"), function="audits_names_expense", output_field=BooleanField())
    return Expense.objects.visible_to(user).values_list(named, flat=True).get(pk=expense.pk)


@dataclass(frozen=True, slots=True)
class Balance:
    """What stood on one account at a moment."""

    account: Account
    amount: Decimal


def balances_at(accounts: QuerySet[Account], user: User, moment: datetime | None) -> list[Balance]:
    """What stood on each account at ``moment`` (None: now); those with nothing on them left out.

    One look into an index for each account, however long the ledger is.
    """
    if moment is None:
        return [Balance(row, row.balance) for row in accounts if row.balance]
    last = Posting.objects.visible_to(user).filter(account=OuterRef("pk"), at__lt=moment)
    rows = accounts.annotate(stood=Subquery(last.order_by("-at").values("balance")[:1]))
    return [Balance(row, row.stood) for row in rows if row.stood]


def evidence_in_scope(user: User) -> QuerySet[Evidence]:
    return Evidence.objects.visible_to(user).select_related("expense", "attachment", "added_by")


def entitlements_in_scope(user: User) -> QuerySet[Entitlement]:
    return Entitlement.objects.visible_to(user).select_related("academy", "edition")
