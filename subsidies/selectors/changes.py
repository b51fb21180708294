"""Changes of signed budgets: scoped; what waits to be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from organizations.roles import Role
from organizations.scoping import within_reach
from subsidies.models import BudgetChange
from subsidies.selectors.waiting import drawn_by_others
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def changes_in_scope(user: User) -> QuerySet[BudgetChange]:
    rows = BudgetChange.objects.visible_to(user)
    return rows.select_related("fund__organization", "drawn_by", "signed_by", "entry")


def changing_queues(user: User) -> list[Queue]:
    """For approvers: changes of budgets to sign."""
    reach = within_reach(user, [Role.APPROVER], "fund__organization__path")
    waiting = BudgetChange.objects.visible_to(user).filter(
        reach, drawn_by_others(user), state=BudgetChange.State.DRAWN
    )
    href = f"{reverse('subsidies:budget-changes')}?state=drawn&is_mine=true"
    queue = Queue("待批准的预算调整", waiting.count(), href, unit="项", tone="warn")
    return [queue] if queue.count else []
