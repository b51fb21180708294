"""For which bodies a policy's figures are counted: its home, the unions below, what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.models import Organization
from organizations.validity import in_force

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from policies.library.policy import Policy

WHOLE_COUNTRY = "全国"
#: For whom “每个区总工会、产业工会” holds.
UNION_KINDS = (Organization.Kind.DISTRICT, Organization.Kind.INDUSTRY)


def home_of(policy: Policy) -> Organization | None:
    """The union whose programme it is, by the place the document is for; None if it is not on file."""
    bodies = every_body()
    if policy.jurisdiction == WHOLE_COUNTRY:
        return bodies.filter(kind=Organization.Kind.NATIONAL).first()
    named = bodies.filter(name__startswith=policy.jurisdiction)
    return named.exclude(kind=Organization.Kind.UNIT).order_by("path").first()


def usual_organization(policy: Policy) -> Organization | None:
    """For whom a report is drawn up if nobody says: its home, else the city union that keeps house."""
    bodies = every_body()
    city = bodies.filter(kind=Organization.Kind.CITY).order_by("path").first()
    return home_of(policy) or city or bodies.order_by("path").first()


def unions_below(root: Organization, on: date) -> list[Organization]:
    """District and industry unions in ``root``'s tree that are in force on a day, by code."""
    rows = every_body().filter(in_force(on=on), path__startswith=root.path, kind__in=UNION_KINDS)
    return list(rows.order_by("code"))


def every_body() -> QuerySet[Organization]:
    """The whole tree: a report counts it for whoever asks, and shows each only what is theirs."""
    return Organization.objects.all()
