"""For which bodies one may ask for a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.models import Organization
from organizations.roles import STAFF
from organizations.scoping import within_reach

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def bodies_to_report_on(user: User) -> QuerySet[Organization]:
    """Unions for which ``user`` may ask for a report."""
    rows = Organization.objects.visible_to(user).exclude(kind=Organization.Kind.UNIT)
    return rows.filter(within_reach(user, STAFF)).order_by("path")
