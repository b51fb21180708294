"""Contests, their items, entrants and marks. A contest here is held by the unit itself."""

from competitions.models import Aspect, Mark
from organizations.roles import STAFF, Role
from tests.factories.competitions import (
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    SchemeFactory,
    marked,
)
from tests.permissions.expectations import AdminModel

OFFICE = STAFF | {Role.AUDITOR}


def contests(scene, count):
    return CompetitionFactory.create_batch(count, organizer=scene.organization)


def items(scene, count):
    return ItemFactory.create_batch(count, competition=contests(scene, 1)[0])


def entries(scene, count):
    return EntryFactory.create_batch(count, item=items(scene, 1)[0])


def schemes(scene, count):
    return [SchemeFactory(item=item) for item in items(scene, count)]


def aspects(scene, count):
    made = schemes(scene, (count + 1) // 2)
    return list(Aspect.objects.filter(scheme__in=made))[:count]


def marks(scene, count):
    entry = EntryFactory(item=items(scene, 1)[0])
    marked(entry, 1, 1, 1, 1)
    for other in EntryFactory.create_batch(count, item=entry.item)[1:]:
        marked(other, 1)
    return list(Mark.objects.filter(entry__item=entry.item))[:count]


def by_pk(fill):
    return lambda scene: {"pk": fill(scene, 1)[0].pk}


def page_of(row):
    return f"/{row.pk}/change/"


ENDPOINTS = [
    AdminModel(f"competitions.{name}", view=OFFICE, target=by_pk(fill), fill=fill, name_of=page_of)
    for name, fill in {
        "competition": contests,
        "item": items,
        "entry": entries,
        "scheme": schemes,
        "aspect": aspects,
        "mark": marks,
    }.items()
]
