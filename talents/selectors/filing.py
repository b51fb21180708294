"""What is worth knowing of a nomination while it is typed: who stands in the way, what is left, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.wording import chinese_day
from talents.models import Certificate, Nomination
from talents.rules.places import Seats
from talents.selectors.persons import persons_in_scope

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from talents.models import SelectionRound


def told_of_person(
    user: User, selection: SelectionRound, digest: bytes, but: Nomination | None = None
) -> list[str]:
    """That somebody is put forward already, as far as this account may see that; else it is said at filing."""
    rows = Nomination.objects.visible_to(user).filter(
        round=selection, person__identity_digest=digest
    )
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    rival = rows.select_related("unit", "person").first()
    if rival is None:
        return []
    return [f"{rival.person.name}在本轮次已由“{rival.unit}”推荐，一人一轮只能推荐一次"]


def told_of_certificate(user: User, number: str, digest: bytes) -> list[str]:
    """That the number stands in somebody else's file, as far as this account may see that."""
    others = persons_in_scope(user).exclude(identity_digest=digest)
    held = Certificate.objects.visible_to(user).filter(number=number, person__in=others)
    found = held.select_related("person").first()
    return [f"该证书编号已登记在{found.person.name}名下，请核对证书原件"] if found else []


def told_of_places(selection: SelectionRound, unit: Organization) -> list[str]:
    """What is left of the places of ``unit`` and of those above it; nothing where none were given."""
    seats = Seats.at_filing(selection, [unit])
    rooms = seats.above(unit)
    if seats.is_divided and not rooms:
        return [f"“{unit}”及其上级在本轮次没有分到名额；申报照常受理，分到名额后方可确认"]
    return [
        f"“{room.body}”名额{room.places}名，已推荐{room.used}名，"
        + (
            f"还可推荐{left}名"
            if (left := room.places - room.used) > 0
            else "没有余额，确认时不得超过名额"
        )
        for room in rooms
    ]


def told_of_days(selection: SelectionRound) -> list[str]:
    """Until when the round takes nominations."""
    if selection.closes_on is None:
        return []
    return [f"本轮次申报至{chinese_day(selection.closes_on)}（含当日）"]
