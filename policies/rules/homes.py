"""Whose programme a policy is: the union whose figures it promises, and whose staff answer for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Length, Replace

from organizations.models import Organization

if TYPE_CHECKING:

    class Placed(Protocol):
        """A policy, or a stored edition of one."""

        @property
        def jurisdiction(self) -> str: ...


WHOLE_COUNTRY = "全国"
CITY = Q(kind=Organization.Kind.CITY)
TOP = Q(parent__isnull=True)
#: How far below the top a body is; paths themselves sort as text, 10 before 2.
DEPTH = Length("path") - Length(Replace("path", Value("/"), Value("")))


def home_of(policy: Placed) -> Organization | None:
    """The union whose programme it is, by the place the document is for; None if it is not on file."""
    if policy.jurisdiction == WHOLE_COUNTRY:
        return _first(Q(kind=Organization.Kind.NATIONAL))
    return _first(_of_the_place(policy))


def usual_organization(policy: Placed) -> Organization | None:
    """For whom a report is drawn up if nobody says: its home, else the city union that keeps house."""
    return home_of(policy) or _first(CITY, TOP)


def answering_body(policy: Placed) -> Organization | None:
    """Whose staff say how the document is meant here: its home; for the whole country's, the city."""
    if policy.jurisdiction == WHOLE_COUNTRY:
        return _first(CITY, TOP)
    return _first(_of_the_place(policy), CITY, TOP)


def _of_the_place(policy: Placed) -> Q:
    return Q(name__startswith=policy.jurisdiction) & ~Q(kind=Organization.Kind.UNIT)


def _first(*wanted: Q) -> Organization | None:
    """The uppermost body of the first kind that is on file at all."""
    cases = [When(condition, then=Value(place)) for place, condition in enumerate(wanted)]
    rows = Organization.objects.alias(place=Case(*cases, output_field=IntegerField()))
    return rows.filter(place__isnull=False).order_by("place", DEPTH, "pk").first()
