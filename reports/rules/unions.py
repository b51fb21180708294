"""For which bodies the figures of a report are counted: the unions below its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.models import Organization
from organizations.validity import in_force

if TYPE_CHECKING:
    from datetime import date

#: For whom “每个区总工会、产业工会” holds.
UNION_KINDS = (Organization.Kind.DISTRICT, Organization.Kind.INDUSTRY)


def unions_below(root: Organization, on: date) -> list[Organization]:
    """District and industry unions in ``root``'s tree that are in force on a day, by code.

    The whole tree, not what is visible: a report counts it for whoever asks, and shows each only
    what is theirs.
    """
    rows = Organization.objects.filter(
        in_force(on=on), path__startswith=root.path, kind__in=UNION_KINDS
    )
    return list(rows.order_by("code"))
