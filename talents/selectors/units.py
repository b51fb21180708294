"""Which bodies nominate in a round: the one answer, for the form, the workbook and the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from organizations.filters import in_force
from organizations.models import Organization
from organizations.scoping import memberships_of
from talents.selectors.obstacles import FILERS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import SelectionRound


def nominating_units(selection: SelectionRound) -> QuerySet[Organization]:
    """Bodies in force today that lie within the organizer's reach; it nominates its own staff, too."""
    return Organization.objects.filter(in_force(), path__startswith=selection.organizer.path)


def filing_units(user: User, selection: SelectionRound) -> QuerySet[Organization]:
    """Those of them for which this account files."""
    units = nominating_units(selection)
    if user.is_system:
        return units
    within = Q(pk__in=[])
    for membership in memberships_of(user):
        if membership.role in FILERS:
            within |= Q(path__startswith=membership.organization.path)
    return units.filter(within)
