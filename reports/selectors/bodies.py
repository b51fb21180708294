"""For which bodies one may ask for a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from organizations.models import Organization
from organizations.roles import STAFF
from organizations.scoping import memberships_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def bodies_to_report_on(user: User) -> QuerySet[Organization]:
    """Unions for which ``user`` may ask for a report."""
    rows = Organization.objects.visible_to(user).exclude(kind=Organization.Kind.UNIT)
    if user.is_system:
        return rows
    held = Q(pk__in=[])
    for membership in memberships_of(user):
        if membership.role in STAFF:
            held |= Q(path__startswith=membership.organization.path)
    return rows.filter(held).order_by("path")
