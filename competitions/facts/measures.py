"""How the targets of a policy count contests: held, taken part in, risen by."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from competitions.models import Chain, Competition, Entry, Promotion
from organizations.models import Organization
from organizations.scoping import steps_to
from policies.facts import Rows
from policies.rules.measures import Measure, register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policies.rules.periods import Period


def _of_contests(params: Mapping[str, Any], route: str = "") -> Q:
    """Contests of the years of a period that were announced, held by a body or below it."""
    path = Organization.objects.values_list("path", flat=True).get(pk=params["organization"])
    first, last = (date.fromisoformat(params[name]).year for name in ("first", "last"))
    return Q(
        ~Q(**{f"{route}state": "draft"}),
        **{
            f"{route}year__gte": first,
            f"{route}year__lte": last,
            f"{route}organizer__path__startswith": path,
        },
    )


def _are_on_file(organization: Organization, period: Period) -> bool:
    """Whether any contests are on file there by the end of the period."""
    rows = Competition.objects.exclude(state=Competition.State.DRAFT)
    return rows.filter(
        organizer__path__startswith=organization.path, year__lte=period.last.year
    ).exists()


def _along(params: Mapping[str, Any]) -> Q:
    """Listed chains along which the body, or one below it, held a contest in the years of a period."""
    held = Competition.objects.filter(_of_contests(params), ~Q(chain=""))
    path = Organization.objects.values_list("path", flat=True).get(pk=params["organization"])
    lists = Q(organization__path__in=steps_to(path)) | Q(organization__path__startswith=path)
    return lists & Q(is_current=True, name__in=held.values("chain"))


def _are_listed(organization: Organization, period: Period) -> bool:
    """Whether there is a list at all: without one nobody can say what is along it."""
    return Chain.objects.filter(organization__path__startswith=organization.path).exists()


HELD = Rows(code="competitions.held", model=Competition, where=_of_contests)
ALONG = Rows(code="competitions.along", model=Chain, where=_along)
TAKEN_PART = Rows(
    code="competitions.participations",
    model=Entry,
    where=lambda p: Q(_of_contests(p, "item__competition__"), state="entered"),
)
RISEN = Rows(
    code="competitions.risen",
    model=Promotion,
    where=lambda p: Q(_of_contests(p, "item__competition__"), state="certified"),
    subject="person",
)

register(
    Measure(code="contests_held", rows=HELD, has_data=_are_on_file),
    Measure(code="contest_chains", rows=ALONG, has_data=_are_listed),
    Measure(code="contest_participations", rows=TAKEN_PART, has_data=_are_on_file),
    Measure(code="level_promotions", rows=RISEN, has_data=_are_on_file),
)
