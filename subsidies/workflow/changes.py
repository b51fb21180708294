"""Changing a signed budget: drawn up by one, signed by another, booked; nothing of it is ever rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.models import Allocation, BudgetChange, BudgetLine, Entry
from subsidies.models.funds import NOTHING, Line
from subsidies.permissions.changes import (
    DROP_CHANGE,
    SIGN_CHANGE,
    may_change_budget,
    may_drop_change,
    may_sign_change,
)
from subsidies.services import notices
from subsidies.services.funds import locked_fund, locked_in_fund
from subsidies.services.ledger import Hands, Place, Purse, book
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from decimal import Decimal

    from organizations.models import User

DRAWN = Event("subsidies.budget-change-drawn", "编制预算调整")


@refusing()
@transaction.atomic
def draw_up_change(
    fund_id: int, line: str, amount: Decimal, reason: str, *, actor: User
) -> BudgetChange:
    """Propose that a line of a signed budget grows or shrinks, for another to sign."""
    fund = locked_fund(fund_id, actor)
    may_change_budget.check(actor, fund)
    check_reason(reason, "调整预算")
    facts = {"line": line, "amount": amount, "reason": reason}
    change = BudgetChange.objects.create(fund=fund, drawn_by=actor, **facts)
    _check_fits(change)
    record_event(
        DRAWN,
        subject_of(change),
        actor=actor,
        organization=fund.organization,
        note=reason,
        after={"line": change.get_line_display(), "amount": str(amount)},
    )
    notices.tell_budget_change(change, actor=actor)
    return change


@refusing()
@transaction.atomic
def sign_change(pk: int, *, actor: User, note: str = "") -> BudgetChange:
    """Put it in force: appropriated, or taken out of what is left; the line says the new sum."""
    change = _locked(pk, actor)
    may_sign_change.check(actor, change)
    line = _check_fits(change)
    purse = Purse(change.fund, line=Line(change.line))
    source, budget = purse.account(Place.SOURCE), purse.account(Place.BUDGET)
    grows = change.amount > 0
    entry = book(
        Entry.Kind.APPROPRIATE if grows else Entry.Kind.WITHHOLD,
        source if grows else budget,
        budget if grows else source,
        abs(change.amount),
        key=f"budget-change:{change.pk}",
        hands=Hands(change.drawn_by or actor, actor),
        note=str(change)[:200],
    )
    line.amount += change.amount
    line.save()
    SIGN_CHANGE.apply(
        change,
        organization=change.fund.organization,
        actor=actor,
        note=note,
        signed_by=actor,
        entry=entry,
    )
    notices.tell_change_decided(change, actor=actor, note=note)
    return change


@refusing()
@transaction.atomic
def drop_change(pk: int, *, actor: User, note: str) -> BudgetChange:
    """Give it up, for a reason."""
    change = _locked(pk, actor)
    may_drop_change.check(actor, change)
    check_reason(note, "作废预算调整")
    DROP_CHANGE.apply(change, organization=change.fund.organization, actor=actor, note=note)
    notices.tell_change_decided(change, actor=actor, note=note)
    return change


def _check_fits(change: BudgetChange) -> BudgetLine:
    """The line as it is now; refused where the change leaves less than was parted among academies."""
    fund = change.fund
    line = fund.lines.filter(line=change.line).first()
    line = line or BudgetLine(fund=fund, line=change.line, amount=NOTHING)
    parted = fund.allocations.filter(state=Allocation.State.SIGNED).first()
    least = parted.amount if parted and change.line == Line.ACADEMY else NOTHING
    left = line.amount + change.amount
    if left > 0 and left >= least:
        return line
    message = f"调整后“{change.get_line_display()}”预算为{left:,.2f}元，不能为零，也不能少于已分配的{least:,.2f}元"
    raise DomainError("budget-below-allocated", message)


def _locked(pk: int, actor: User) -> BudgetChange:
    rows = BudgetChange.objects.visible_to(actor).select_related("drawn_by")
    return locked_in_fund(rows, pk, actor)
