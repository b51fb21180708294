"""Closing the books of a fund's year: nothing is asked, approved, parted or spent of it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.models import Fund
from subsidies.permissions import CLOSE
from subsidies.permissions.closing import may_close
from subsidies.services import notices
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User


@refusing()
@transaction.atomic
def close_fund(fund_id: int, *, actor: User, note: str = "") -> Fund:
    """Close it for good; refused, with every reason, while something of it still runs.

    Locked as a whole: who writes a paper of it at the same moment is waited for, or waits.
    """
    rows = Fund.objects.visible_to(actor).select_related("organization")
    fund = rows.select_for_update(of=("self",)).get(pk=fund_id)
    may_close.check(actor, fund)
    CLOSE.apply(fund, organization=fund.organization, actor=actor, note=note)
    notices.tell_closed(fund, actor=actor)
    return fund
