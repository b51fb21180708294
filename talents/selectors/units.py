"""For which of the bodies that nominate in a round an account files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from organizations.scoping import memberships_of
from talents.rules import nominating_units
from talents.selectors.obstacles import FILERS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization, User
    from talents.models import SelectionRound


def filing_units(user: User, selection: SelectionRound) -> QuerySet[Organization]:
    """The nominating units for which this account files."""
    units = nominating_units(selection)
    if user.is_system:
        return units
    within = Q(pk__in=[])
    for membership in memberships_of(user):
        if membership.role in FILERS:
            within |= Q(path__startswith=membership.organization.path)
    return units.filter(within)
