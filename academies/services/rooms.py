"""Entering, correcting and removing the rooms of an academy, on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from academies.models import Academy, Room
from academies.permissions import may_keep
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

ROOM_ENTERED = Event("academies.room-entered", "登记场地")
ROOM_REMOVED = Event("academies.room-removed", "删除场地")


@refusing(invalid="room-invalid")
@transaction.atomic
def register_room(academy_id: int, facts: dict[str, Any], *, actor: User) -> Room:
    """Enter one room; ``facts`` are its name and how many people it takes."""
    academies = Academy.objects.visible_to(actor)
    academy = academies.select_related("organization", "supervising_union").get(pk=academy_id)
    may_keep.check(actor, academy)
    room = Room(academy=academy, **facts)
    room.full_clean()
    room.save()
    _record(room, ROOM_ENTERED, actor, after=room.CORRECTABLE.recorded(room))
    return room


@refusing()
@transaction.atomic
def correct_room(
    pk: int, facts: dict[str, Any], *, version: int | None = None, actor: User, note: str
) -> Room:
    """Write what changed; ``version`` is that of the form (None: nobody looked at it before)."""
    room = _locked(pk, actor)
    correct(room, facts, version=version, actor=actor, note=note)
    return room


@refusing()
@transaction.atomic
def remove_room(pk: int, *, actor: User, note: str) -> Room:
    """Take a room off the register; classes that name it keep the name."""
    room = _locked(pk, actor)
    before = room.CORRECTABLE.recorded(room)
    _record(room, ROOM_REMOVED, actor, before=before, note=note)
    room.delete()
    return room


def _locked(pk: int, actor: User) -> Room:
    rows = Room.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union"
    )
    room = rows.select_for_update(of=("self",)).get(pk=pk)
    may_keep.check(actor, room.academy)
    return room


def _record(room: Room, event: Event, actor: User, **words: Any) -> None:
    organization = room.academy.organization
    record_event(event, subject_of(room), actor=actor, organization=organization, **words)
