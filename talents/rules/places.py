"""Whether a body still has places in a round: told at filing, asked under the round's lock at confirming.

A place is taken by what is confirmed. It counts for every body above the unit that was given places, so
that what a district divided among its units is never more than the district's own. In a round in
which nobody was given places there is no limit; where some were given, who has none has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef

from organizations.models import Organization
from organizations.scoping import steps_to, subtrees
from talents.models import Nomination
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from talents.models import SelectionRound

Filed = Nomination.State


@dataclass(slots=True)
class Room:
    """What one body was given in a round, and how much of it is used: confirmed, or filed."""

    body: Organization
    places: int
    used: int


class Seats:
    """The places of one round. Whoever takes them holds the round's row lock."""

    def __init__(self, rooms: Iterable[Room], *, is_divided: bool) -> None:
        self.rooms = {room.body.path: room for room in rooms}
        self.is_divided = is_divided

    @classmethod
    def of(cls, selection: SelectionRound, units: Collection[Organization] | None = None) -> Seats:
        """The places that bear on ``units`` (None: all), used by whom was confirmed."""
        confirmed = Nomination.objects.filter(round=selection, state=Filed.CHECKED)
        return cls._counted(selection, units, confirmed)

    @classmethod
    def at_filing(cls, selection: SelectionRound, units: Collection[Organization] | None) -> Seats:
        """The same, used by whoever was put forward."""
        return cls._counted(selection, units, Nomination.objects.filter(round=selection))

    @classmethod
    def _counted(
        cls,
        selection: SelectionRound,
        units: Collection[Organization] | None,
        using: QuerySet[Nomination],
    ) -> Seats:
        given = selection.allocations.select_related("organization")
        if units is not None:
            steps = {step for unit in units for step in steps_to(unit.path)}
            given = given.filter(organization__path__in=steps)
        rooms = {r.organization.path: Room(r.organization, r.places, 0) for r in given}
        if not rooms:
            is_divided = units is not None and selection.allocations.exists()
            return cls([], is_divided=is_divided)
        below = using.filter(subtrees("unit__path", rooms)).order_by()
        for path, number in below.values_list("unit__path").annotate(Count("pk")):
            for step in steps_to(path):
                if step in rooms:
                    rooms[step].used += number
        return cls(rooms.values(), is_divided=True)

    def above(self, unit: Organization) -> list[Room]:
        """The bodies above ``unit``, itself included, that were given places; the top one first."""
        return [self.rooms[step] for step in steps_to(unit.path) if step in self.rooms]

    def why_not(self, unit: Organization) -> DomainError | None:
        """Why no candidate of ``unit`` can be confirmed any more."""
        rooms = self.above(unit)
        if full := next((room for room in rooms if room.used >= room.places), None):
            message = (
                f"“{full.body}”在本轮次的{full.places}个名额已全部确认，不能再确认；"
                "请先退回一名已确认的人选，或由上级工会调整名额"
            )
            return DomainError("places-used-up", message)
        if self.is_divided and not rooms:
            message = f"本轮次已分配名额，“{unit}”及其上级没有分到，不能确认；请由上级工会分配名额"
            return DomainError("places-not-given", message)
        return None

    def take(self, unit: Organization) -> DomainError | None:
        """One place for a candidate of ``unit``, or why there is none."""
        if refusal := self.why_not(unit):
            return refusal
        for room in self.above(unit):
            room.used += 1
        return None


def cautions(selection: SelectionRound, units: Collection[Organization] | None) -> list[str]:
    """What is said to who filed for ``units``: filing is not stopped, confirming will be."""
    seats, told = Seats.at_filing(selection, units), {}
    for room in seats.rooms.values():
        if room.used > room.places:
            told[room.body.path] = (
                f"“{room.body}”名额{room.places}名，已推荐{room.used}名，"
                f"超出{room.used - room.places}名；申报照常受理，确认时不得超过名额"
            )
    for unit in units or ():
        if seats.is_divided and not seats.above(unit):
            told[unit.path] = (
                f"“{unit}”及其上级在本轮次没有分到名额；申报照常受理，分到名额后方可确认"
            )
    return [told[path] for path in sorted(told)]


def nominations_below() -> QuerySet[Nomination]:
    """What stands below the body of an outer allocation, in its round."""
    below = Organization.objects.filter(path__startswith=OuterRef(OuterRef("organization__path")))
    return Nomination.objects.filter(round=OuterRef("round"), unit__in=below.values("pk"))


def confirmed_below(selection: SelectionRound, body: Organization) -> int:
    """How many places of ``body`` are taken; the caller holds the round's row lock."""
    rows = Nomination.objects.filter(round=selection, state=Filed.CHECKED)
    return rows.filter(unit__path__startswith=body.path).count()
