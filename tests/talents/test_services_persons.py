"""The number under which a person is registered, put right by those it concerns."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import User
from organizations.roles import Role
from talents.models import Person
from talents.services.nominations import correct_nomination, file_nomination
from talents.services.persons import correct_identity, person_with
from tests.factories.filings import filing, identity_number
from tests.factories.organizations import account
from tests.factories.talents import PersonFactory, RoundFactory
from tests.talents.importing import call_of_nominations
from workflow.models import Record
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.storage import vault

pytestmark = pytest.mark.django_db
RIGHT = identity_number(serial=7)


@pytest.fixture
def call():
    return call_of_nominations()


@pytest.fixture
def twice(call):
    """A person put forward by units of two districts, in two rounds; the first keeps the file."""
    second = RoundFactory(organizer=call.city, edition=call.round.edition)
    filed = [
        file_nomination(selection.pk, filing(unit), actor=User.objects.system())
        for selection, unit in ((call.round, call.units[0]), (second, call.units[2]))
    ]
    return filed[0]


def correct(nomination, actor, note="核对身份证原件"):
    again = filing(nomination.unit, identity=RIGHT)
    return correct_nomination(nomination.pk, again, actor=actor, version=1, note=note)


def refused(code, match=None):
    return pytest.raises(DomainError, match=match, check=lambda error: error.code == code)


def test_a_number_that_concerns_several_units_is_for_staff_above_them_all(call, twice):
    below = [
        account(Role.NOMINATOR, call.units[0]),
        account(Role.HANDLER, call.districts[0]),
        account(Role.NOMINATOR, call.city),
    ]
    for actor in below:
        with refused("identity-in-use", match="“东一公司”、“西一公司”.*共同上级"):
            correct(twice, actor)
    with refused("reason-required"):
        correct(twice, account(Role.HANDLER, call.city), note=" ")

    correct(twice, account(Role.HANDLER, call.city))

    record = Record.objects.get(subject=subject_of(twice.person), after__has_key="identity")
    assert person_with(RIGHT) == twice.person
    assert record.note == "核对身份证原件"
    assert RIGHT not in str(record.after)


def test_a_number_is_corrected_under_a_lock_and_no_number_twice(call, twice):
    actor = account(Role.HANDLER, call.city)

    with CaptureQueriesContext(connection) as asked:
        correct_identity(twice.person, RIGHT, actor=actor, note="核对身份证原件")

    locks = [q["sql"] for q in asked if "FOR UPDATE" in q["sql"]]
    assert len(locks) == 1
    assert "talents_person" in locks[0]
    assert Person.objects.count() == 1


def test_a_number_taken_a_moment_ago_is_a_refusal_not_a_fault(twice):
    def overtake(execute, sql, parameters, many, context):
        if sql.startswith('UPDATE "talents_person"'):
            PersonFactory(identity_digest=vault.digest(RIGHT))
        return execute(sql, parameters, many, context)

    with refused("identity-belongs-to-another"), connection.execute_wrapper(overtake):
        correct_identity(twice.person, RIGHT, actor=User.objects.system(), note="核对身份证原件")
