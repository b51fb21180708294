"""One room of an academy: what it is called, and how many people it takes."""

from __future__ import annotations

from typing import Any

from django import forms

from academies.models import Room
from academies.models.rooms import MOST_PEOPLE
from pages.forms import CorrectionFields, from_model

FACTS = Room.CORRECTABLE.fields


class RoomForm(from_model(Room, FACTS)):  # type: ignore[misc]
    """A room as the register has it."""

    capacity = forms.IntegerField(
        label="可容纳人数",
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text="按座位数或工位数，与消防核定人数不一致的取较少的",
    )

    field_order = FACTS

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class RoomCorrectionForm(CorrectionFields, RoomForm):
    """The same, with the reason and the version it was shown in."""

    field_order = (*FACTS, "note")


def room_initial(room: Room) -> dict[str, Any]:
    return {name: getattr(room, name) for name in (*FACTS, "version")}
