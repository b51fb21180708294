"""Which academies a year is about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from academies.models import Academy, AcademyYear

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def academies_of_year(user: User, year: int) -> QuerySet[Academy]:
    """The academies that stood in a year, or taught in it."""
    counted = AcademyYear.objects.visible_to(user).filter(year=year, classes__gt=0)
    taught = counted.values("academy_id")
    stood = Academy.DAYS.during(date(year, 1, 1), date(year, 12, 31))
    rows = Academy.objects.visible_to(user).select_related("host", "supervising_union")
    return rows.filter(stood | Q(pk__in=taught)).order_by("code")
