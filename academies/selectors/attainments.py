"""What a person was taught, for the passport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.models import Enrolment
from talents.selectors.attainments import MOST_SHOWN, Attainment

if TYPE_CHECKING:
    from talents.models import Person
    from talents.selectors.attainments import Sight


def training_of(sight: Sight, person: Person) -> list[Attainment]:
    """The classes attended, with the level before and after."""
    rows = sight.rows(Enrolment).filter(person=person)
    rows = rows.select_related("training_class", "academy").order_by(
        "-training_class__ends_on", "-pk"
    )
    return [
        Attainment(
            row.training_class.name,
            row.training_class.ends_on,
            (row.academy.name, row.level_change, row.result),
            sight.href("academies:class", row.training_class_id),
        )
        for row in rows[:MOST_SHOWN]
    ]
