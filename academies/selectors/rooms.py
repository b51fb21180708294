"""The rooms of academies, as far as one may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.models import Room

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from academies.models import Academy, TrainingClass
    from organizations.models import User


def rooms_in_scope(user: User) -> QuerySet[Room]:
    rows = Room.objects.visible_to(user)
    return rows.select_related("academy__organization", "academy__supervising_union")


def rooms_of(academy: Academy, user: User) -> QuerySet[Room]:
    return rooms_in_scope(user).filter(academy=academy).order_by("name")


def room_of(row: TrainingClass, user: User) -> Room | None:
    """The room that the class names, where it is on the register."""
    return rooms_of(row.academy, user).filter(name=row.room).first() if row.room else None
