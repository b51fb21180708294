"""Whose programme a policy is: the union whose figures it promises, and whose staff answer for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from organizations.models import Organization

if TYPE_CHECKING:

    class Placed(Protocol):
        """A policy, or a stored edition of one."""

        @property
        def jurisdiction(self) -> str: ...


WHOLE_COUNTRY = "全国"


def home_of(policy: Placed) -> Organization | None:
    """The union whose programme it is, by the place the document is for; None if it is not on file."""
    bodies = Organization.objects.all()
    if policy.jurisdiction == WHOLE_COUNTRY:
        return bodies.filter(kind=Organization.Kind.NATIONAL).first()
    named = bodies.filter(name__startswith=policy.jurisdiction)
    return named.exclude(kind=Organization.Kind.UNIT).order_by("path").first()


def usual_organization(policy: Placed) -> Organization | None:
    """For whom a report is drawn up if nobody says: its home, else the city union that keeps house."""
    return home_of(policy) or _city() or Organization.objects.order_by("path").first()


def answering_body(policy: Placed) -> Organization | None:
    """Whose staff say how the document is meant here: its home; for the whole country's, the city."""
    if policy.jurisdiction == WHOLE_COUNTRY:
        return _city() or home_of(policy)
    return usual_organization(policy)


def _city() -> Organization | None:
    cities = Organization.objects.filter(kind=Organization.Kind.CITY)
    return cities.order_by("path").first()
