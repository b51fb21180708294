"""Who keeps what belongs to no app of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.models import Organization
from organizations.roles import STAFF
from organizations.scoping import serves_at

if TYPE_CHECKING:
    from organizations.models import User

TOP = (Organization.Kind.NATIONAL, Organization.Kind.CITY)


def may_set_calendar(user: User) -> bool:
    """Enter and change working days: staff of the uppermost unions."""
    return serves_at(user, STAFF, TOP)
