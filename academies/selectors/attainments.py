"""What a person was taught, for the passport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from academies.models import Enrolment
from talents.selectors.attainments import MOST_SHOWN, Attainment

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import Person


def training_of(user: User, person: Person) -> list[Attainment]:
    """The classes attended, with the level before and after."""
    rows = Enrolment.objects.visible_to(user).filter(person=person)
    rows = rows.select_related("training_class", "academy").order_by(
        "-training_class__ends_on", "-pk"
    )
    return [
        Attainment(
            row.training_class.name,
            row.training_class.ends_on,
            (row.academy.name, row.level_change, row.result),
            reverse("academies:class", args=[row.training_class_id]),
        )
        for row in rows[:MOST_SHOWN]
    ]
