"""Taking an expense back: a red entry, and the mark on the expense that it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.models import Expense
from subsidies.permissions import may_spend
from subsidies.services.ledger import Hands, take_back
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

WITHDRAWN = Event("subsidies.expense-withdrawn", "红字冲销")


@refusing()
@transaction.atomic
def withdraw_expense(pk: int, reason: str, *, actor: User, note: str) -> Expense:
    """Book the red entry against an expense; its invoice may then be brought in again."""
    rows = Expense.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union", "entry"
    )
    expense = rows.select_for_update(of=("self",)).get(pk=pk)
    may_spend.check(actor, expense.academy)
    if expense.red_id is not None:
        raise DomainError("already-withdrawn", "这笔支出已经冲销，不能再次冲销")
    if not note.strip():
        raise DomainError("reason-required", "冲销须写明事由")
    expense.red = take_back(expense.entry, reason, hands=Hands(actor), note=note)
    expense.save(update_fields=["red"])
    record_event(
        WITHDRAWN,
        subject_of(expense),
        actor=actor,
        organization=expense.academy.organization,
        note=note,
        after={"amount": str(expense.amount), "reason": expense.red.get_reason_display()},
    )
    return expense
