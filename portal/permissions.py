"""Who keeps what belongs to no app of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.models import Organization
from organizations.roles import STAFF
from organizations.scoping import serves_at
from pages.permissions import is_let_in
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User
    from portal.demo.files import Sample
    from portal.frame.navigation import Item

TOP = (Organization.Kind.NATIONAL, Organization.Kind.CITY)


@permission
def may_set_calendar(user: User) -> DomainError | None:
    """Enter and change working days: staff of the uppermost unions."""
    if serves_at(user, STAFF, TOP):
        return None
    return DomainError("role-required", "工作日历由全国总工会、市总工会的经办人或审批人维护")


def is_offered(user: User, item: Item | Sample) -> bool:
    """Whether the menu or the home offers something; what may be done there the page decides."""
    return is_let_in(user, item.roles)
