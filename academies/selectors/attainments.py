"""What a person was taught, for the passport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef

from academies.models import Enrolment
from talents.selectors.attainments import MOST_SHOWN, Attainment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
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


def training_meanwhile(user: User) -> QuerySet[Enrolment]:
    """The same of the person of an outer query, of classes that ended on its first day or later."""
    rows = Enrolment.objects.visible_to(user).filter(person=OuterRef("person"))
    return rows.filter(training_class__ends_on__gte=OuterRef("starts_on"))
