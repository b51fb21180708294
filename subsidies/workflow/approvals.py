"""An approval that was typed wrong: taken back by another, while nothing of it was ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.models import Entry, Grant, Payment
from subsidies.permissions import DROP_PAYMENT, TAKE_BACK_APPROVAL, may_take_back_approval
from subsidies.services import notices
from subsidies.services.grants import released_key
from subsidies.services.ledger import Hands, Place, Purse, book
from workflow.refusals import check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User


@refusing()
@transaction.atomic
def take_back_approval(grant_id: int, *, actor: User, note: str) -> Grant:
    """Release what was reserved, drop the instalments, and have the application decided anew."""
    rows = Grant.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union", "fund__organization", "approved_by"
    )
    grant = rows.select_for_update(of=("self",), no_key=True).get(pk=grant_id)
    may_take_back_approval.check(actor, grant)
    check_reason(note, "撤回批复")
    purse, payer = Purse(grant.fund, grant.academy), grant.fund.organization
    book(
        Entry.Kind.RELEASE,
        purse.account(Place.RESERVED),
        purse.account(Place.BUDGET),
        grant.approved,
        key=released_key(grant),
        hands=Hands(grant.approved_by or actor, actor),
        note=f"撤回{grant.number}批复",
    )
    for payment in grant.payments.filter(state=Payment.State.PLANNED).order_by("pk"):
        DROP_PAYMENT.apply(payment, organization=payer, actor=actor, note=note)
    TAKE_BACK_APPROVAL.apply(
        grant,
        organization=payer,
        actor=actor,
        note=note,
        approved=None,
        decision="",
        approved_by=None,
    )
    notices.tell_returned(grant, actor=actor, note=note)
    return grant
