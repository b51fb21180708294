"""Who takes filing for a round up again, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import PublicNotice
from talents.permissions import REOPEN
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import SelectionRound


@permission
def may_reopen(user: User, selection: SelectionRound) -> DomainError | None:
    """Take filing up again: not once the round has named, for nobody filed then could be named."""
    if refusal := REOPEN.why_not(user, selection, selection.organizer):
        return refusal
    if selection.notices.filter(of_level=False, state=PublicNotice.State.CONCLUDED).exists():
        message = f"“{selection}”已命名公布，不再受理申报；新的人选请在下一轮次推荐"
        return DomainError("round-has-named", message)
    return None
