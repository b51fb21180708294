"""Which rows of money wait for somebody although their state does not say so, and for whom not.

What is for somebody else because one had a hand in it is said here once, for the tiles and for the lists
they lead to; ``permissions`` says it of one row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from organizations.standing_in import had_a_hand
from subsidies.models import BudgetLine, Claim, Fund, Grant, Payment, Payout, Project, Transfer

if TYPE_CHECKING:
    from organizations.models import User

#: Who asked for a grant, gave an opinion on it, approved it.
ASKING = ("applied_by", "endorsed_by", "approved_by")
Filed, Paid = Claim.State, Payment.State


def items_to_approve(user: User) -> Q:
    """Of grants: an open item of it waits to be approved, and ``user`` neither asked nor endorsed."""
    waiting = Project.objects.filter(grant=OuterRef("pk"), needs_approval=True, decision="")
    running = Q(state__in=[Grant.State.APPROVED, Grant.State.PAID])
    return running & Q(Exists(waiting)) & grants_for(user)


def budget_returned() -> Q:
    """Of funds: the budget was handed in once, and sent back to be drawn up anew."""
    return Q(state=Fund.State.OPEN, drawn_up_by__isnull=False)


def budget_drafted() -> Q:
    """Of funds: a budget is drawn up and was never handed in."""
    lines = BudgetLine.objects.filter(fund=OuterRef("pk"))
    return Q(state=Fund.State.OPEN, drawn_up_by__isnull=True) & Q(Exists(lines))


def budgets_for(user: User) -> Q:
    """Of funds: ``user`` did not draw the budget up."""
    return ~had_a_hand(user, "drawn_up_by")


def drawn_by_others(user: User) -> Q:
    """Of changes, allocations and accounts of years: ``user`` did not draw it up."""
    return ~had_a_hand(user, "drawn_by")


def filed_by_others(user: User) -> Q:
    """Of accounts to pay to: ``user`` did not file it."""
    return ~had_a_hand(user, "filed_by")


def grants_for(user: User) -> Q:
    """Of grants: ``user`` neither asked for it nor endorsed it."""
    return ~had_a_hand(user, "applied_by", "endorsed_by")


def payments_for(user: User) -> Q:
    """Of payments: to be ordered, or singly checked or receipted, by ``user``; a list is handled as one."""
    granted = had_a_hand(user, *(f"grant__{hand}" for hand in ASKING))
    ordered = had_a_hand(user, "ordered_by")
    standing = Transfer.objects.filter(payment=OuterRef("pk"))
    single = ~Q(Exists(standing.exclude(payout__state=Payout.State.CANCELLED)))
    planned = Q(state=Paid.PLANNED) & ~granted
    to_check = Q(state=Paid.ORDERED) & ~granted & ~ordered & single
    return planned | to_check | Q(state=Paid.PAID) & ~ordered & single


def claims_for(user: User) -> Q:
    """Of claims: to be looked into, approved or listed by ``user``."""
    filed, endorsed = had_a_hand(user, "filed_by"), had_a_hand(user, "endorsed_by")
    looked_into = Q(state=Filed.ENDORSED) & ~filed & ~endorsed
    approved = Q(state=Filed.APPROVED) & ~filed & ~endorsed & ~had_a_hand(user, "approved_by")
    return Q(state=Filed.FILED) & ~filed | looked_into | approved


def calls_for(user: User) -> Q:
    """Of claims to an account that is another's too: ``user`` neither filed it nor typed the account."""
    return ~had_a_hand(user, "account_by", "filed_by")


def payouts_for(user: User) -> Q:
    """Of lists: ``user`` neither drew it up nor had a hand in anything on it."""
    hands = ("filed_by", "endorsed_by", "approved_by")
    routes = [f"claim__{hand}" for hand in hands] + [f"payment__grant__{hand}" for hand in ASKING]
    own = Transfer.objects.filter(had_a_hand(user, *routes), payout=OuterRef("pk"))
    return drawn_by_others(user) & ~Q(Exists(own))
