"""Who may do what with contests: pages, commands, imports and the API ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.models import Item
from organizations.roles import STAFF
from organizations.scoping import holds_role
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import Organization, User

#: Who keeps contests: plans them, takes entries and sheets, draws numbers.
KEEPERS = STAFF


def keeps(user: User, organizer: Organization) -> bool:
    """Whether ``user`` keeps the contests of ``organizer``."""
    return holds_role(user, KEEPERS, organizer.path)


@permission
def may_keep(user: User, item: Item) -> DomainError | None:
    """Work on an item of one's own contests."""
    if keeps(user, item.competition.organizer):
        return None
    message = f"您没有办理“{item}”的权限，请由主办单位的经办人、审批人办理"
    return DomainError("role-required", message)


@permission
def may_mark_by_sheet(user: User, item: Item) -> DomainError | None:
    """Hand in a marking sheet, while marks are being given."""
    if refusal := may_keep.why_not(user, item):
        return refusal
    if item.state != Item.State.OPEN:
        message = f"“{item}”的成绩{item.get_state_display()}，不能再登记分数"
        return DomainError("marking-closed", message)
    return None
