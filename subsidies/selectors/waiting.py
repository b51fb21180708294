"""Which rows of money wait for somebody although their state does not say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from subsidies.models import BudgetLine, Fund, Grant, Project

if TYPE_CHECKING:
    from organizations.models import User


def items_to_approve(user: User) -> Q:
    """Of grants: an open item of it waits to be approved, and ``user`` neither asked nor endorsed."""
    waiting = Project.objects.filter(grant=OuterRef("pk"), needs_approval=True, decision="")
    running = Q(state__in=[Grant.State.APPROVED, Grant.State.PAID])
    hands = Q(applied_by=user) | Q(endorsed_by=user)
    return running & Q(Exists(waiting)) & ~hands


def budget_returned() -> Q:
    """Of funds: the budget was handed in once, and sent back to be drawn up anew."""
    return Q(state=Fund.State.OPEN, drawn_up_by__isnull=False)


def budget_drafted() -> Q:
    """Of funds: a budget is drawn up and was never handed in."""
    lines = BudgetLine.objects.filter(fund=OuterRef("pk"))
    return Q(state=Fund.State.OPEN, drawn_up_by__isnull=True) & Q(Exists(lines))
