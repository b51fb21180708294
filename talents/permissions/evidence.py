"""Who puts papers to a nomination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.permissions import may_edit
from workflow.permissions import permission

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import Nomination
    from workflow.refusals import DomainError


@permission
def may_attach(user: User, nomination: Nomination) -> DomainError | None:
    """Put a paper in or take one out: as long as the rest can be corrected, too."""
    return may_edit.why_not(user, nomination)
