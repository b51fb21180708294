"""Persons to whom nothing refers any more: the house has no business to keep their files.

A nomination that was withdrawn, an import that was taken back, a row that was removed leave somebody
behind. Whatever table comes to refer to persons is asked, without being named here.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection, transaction

from organizations.models import Organization, User
from talents.models import Certificate, Employment, Person, PersonCompletion
from workflow.records import Event, record_event, subject_of

#: What is part of a person's file, and goes with it.
PARTS: tuple[Any, ...] = (Certificate, Employment, PersonCompletion)
AT_ONCE = 500
DROPPED = Event("talents.persons-dropped", "清除无业务引用的人员档案")
#: Whoever is being referred to this moment holds the person's row: such a one is passed over.
LOCK = "select p.id from talents_person p where {unused} limit {most} for update skip locked"
#: Asked again: a reference may have come between the question and the lock.
LOCKED = "select p.id, p.organization_id from talents_person p where p.id = any (%s) and {unused}"


def unused_sql(person: str, *, besides: tuple[Any, ...] = ()) -> str:
    """That no table but ``besides`` refers to the row of ``person``, as a condition of SQL."""
    return " and ".join(
        f"not exists (select from {relation.related_model._meta.db_table} u"
        f" where u.{relation.field.column} = {person}.id)"
        for relation in Person._meta.related_objects
        if relation.related_model not in besides
    )


def drop_unreferenced() -> int:
    """Delete those persons, and record how many of which body; their number."""
    dropped = 0
    while some := _drop_some():
        dropped += some
    return dropped


@transaction.atomic
def _drop_some() -> int:
    unused = unused_sql("p", besides=PARTS)
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(unused=unused, most=AT_ONCE))
        locked = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(LOCKED.format(unused=unused), [locked])
        homes = dict(cursor.fetchall())
    for part in PARTS:
        part.objects.filter(person__in=homes).delete()
    Person.objects.filter(pk__in=homes).delete()
    counts = Counter(homes.values())
    for body in Organization.objects.filter(pk__in=counts).order_by("path"):
        record_event(
            DROPPED,
            subject_of(body),
            actor=User.objects.system(),
            organization=body,
            after={"count": counts[body.pk]},
        )
    return len(homes)
