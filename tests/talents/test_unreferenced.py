"""Persons to whom nothing refers are not kept; who is named anywhere stays."""

import pytest
from django.conf import settings
from django.db import connection

from organizations.models import User
from talents.models import Certificate, Employment, Person
from talents.services.nominations import file_nomination, withdraw_nomination
from talents.services.unreferenced import DROPPED
from talents.tasks import drop_unreferenced_persons
from tests import database
from tests.factories.academies import EnrolmentFactory
from tests.factories.filings import filing
from tests.factories.talents import NominationFactory, PersonFactory
from tests.talents.importing import call_of_nominations
from workflow.models import Record

pytestmark = pytest.mark.django_db
SECOND = "select 1 from talents_person where id = %s for key share"


def test_who_is_left_behind_by_a_withdrawn_nomination_is_dropped_on_record():
    call, actor = call_of_nominations(), User.objects.system()
    nomination = file_nomination(call.round.pk, filing(call.units[0]), actor=actor)
    person = nomination.person
    Certificate.objects.get_or_create(person=person, number="Y1")
    Employment.objects.create(person=person, start_month=24000)

    drop_unreferenced_persons()
    assert Person.objects.filter(pk=person.pk).exists()
    withdraw_nomination(nomination.pk, actor=actor, reason="填报有误，撤回")
    drop_unreferenced_persons()

    assert not Person.objects.filter(pk=person.pk).exists()
    (told,) = Record.objects.filter(code=DROPPED.code)
    assert (told.organization, told.after) == (call.units[0], {"count": 1})
    assert person.name not in f"{told.before}{told.after}{told.note}"


def test_who_is_named_anywhere_stays():
    kept = {NominationFactory().person_id, EnrolmentFactory().person_id}
    PersonFactory.create_batch(3)

    drop_unreferenced_persons()

    assert set(Person.objects.values_list("pk", flat=True)) == kept


@pytest.mark.django_db(transaction=True)
def test_who_is_being_put_forward_this_moment_is_passed_over():
    busy, _ = PersonFactory.create_batch(2)
    with database.as_administrator(connection.settings_dict["NAME"]) as other:
        with other.transaction():
            other.execute(SECOND, [busy.pk])
            drop_unreferenced_persons()
            assert list(Person.objects.all()) == [busy]

        drop_unreferenced_persons()
        assert not Person.objects.exists()


def test_it_is_done_every_night():
    names = {line["task"] for line in settings.CELERY_BEAT_SCHEDULE.values()}
    assert drop_unreferenced_persons.name in names
