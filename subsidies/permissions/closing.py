"""Who closes the books of a fund's year, and what a closed fund refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from subsidies.models import Fund
from subsidies.permissions import CLOSE
from subsidies.rules.closing import hindrances
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User


@permission
def may_close(user: User, fund: Fund) -> DomainError | None:
    """Close a year that is over and in which nothing runs any more."""
    if refusal := CLOSE.why_not(user, fund, fund.organization):
        return refusal
    if timezone.localdate().year <= fund.year:
        return DomainError("fund-year-not-over", f"{fund.year}年度尚未终了，年度终了后办理结账")
    if left := list(hindrances(fund)):
        return DomainError("fund-still-runs", f"{fund}还不能结账：{'；'.join(left)}；请先办结")
    return None


def check_not_closed(fund: Fund, act: str) -> None:
    """Refuse ``act``, in words for people, where the books of ``fund`` are closed."""
    if fund.state == Fund.State.CLOSED:
        raise DomainError("fund-closed", f"{fund}已结账，不再{act}；请在未结账的年度办理")
