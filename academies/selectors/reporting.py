"""Training reports: scoped; how complete and how punctual they are, by union."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.utils import timezone

from academies.models import TrainingReport

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

State = TrainingReport.State
#: States in which a report has not left the academy yet.
AT_HOME = (State.DRAFT, State.PREPARED)


def reports_in_scope(user: User) -> QuerySet[TrainingReport]:
    rows = TrainingReport.objects.visible_to(user)
    return rows.select_related(
        "academy__organization",
        "academy__supervising_union",
        "prepared_by",
        "certified_by",
        "accepted_by",
    )


def late() -> Q:
    """Not handed in, and the day is over."""
    return Q(state__in=AT_HOME, due_on__lt=timezone.localdate())


def due() -> Q:
    """To be put together: its period is over, or it was given back or opened again; not late yet."""
    today = timezone.localdate()
    return Q(state=State.DRAFT, last_on__lt=today, due_on__gte=today)


def rates_by_union(user: User, year: int) -> list[dict[str, Any]]:
    """By union: how many reports of a year are due, in, in time, accepted, and how often returned."""
    is_in = ~Q(state__in=AT_HOME)
    in_time = is_in & Q(certified_at__date__lte=F("due_on"))
    rows = TrainingReport.objects.visible_to(user).filter(year=year)
    counted = rows.values(
        union=F("academy__supervising_union__name"), code=F("academy__supervising_union__code")
    ).annotate(
        due=Count("pk"),
        handed_in=Count("pk", filter=is_in),
        in_time=Count("pk", filter=in_time),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
        returned=Count("pk", filter=Q(returns__gt=0)),
    )
    return [
        row
        | {
            "complete": row["handed_in"] * 100 // row["due"],
            "punctual": row["in_time"] * 100 // row["due"],
            "return_rate": row["returned"] * 100 // row["due"],
        }
        for row in counted.order_by("union")
    ]
