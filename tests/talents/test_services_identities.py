import pytest

from organizations.roles import Role
from talents.services import identities
from talents.services.identities import reveal, reveal_identities
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from workflow.models import Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.storage import vault

pytestmark = pytest.mark.django_db
REASON = "核对身份证原件"


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ")


@pytest.fixture
def unit(city):
    return with_child(city, "unit")


@pytest.fixture
def person(unit):
    sealed = vault.encrypt(identity_number().encode())
    return PersonFactory(organization=unit, identity_cipher=sealed)


def refused(code):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.APPROVER, Role.NOMINATOR])
def test_a_value_is_shown_for_a_reason_and_put_on_the_record(person, unit, role):
    actor = account(role, unit)

    shown = reveal(person.pk, "identity", actor=actor, reason=REASON)

    record = Record.objects.get(subject=subject_of(person), kind=Record.Kind.REVEAL)
    assert shown.value == identity_number()
    assert (record.actor, record.note, record.after) == (actor, REASON, {})


@pytest.mark.parametrize("reason", ["", "   ", "看"], ids=["none", "blanks", "too short"])
def test_without_a_reason_nothing_is_shown(person, unit, reason):
    with refused("reason-required"):
        reveal(person.pk, "identity", actor=account(Role.NOMINATOR, unit), reason=reason)

    assert not Record.objects.filter(kind=Record.Kind.REVEAL).exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE])
def test_those_who_look_on_see_the_mask_only(person, city, role):
    with refused("role-required"):
        reveal(person.pk, "identity", actor=account(role, city), reason=REASON)


def test_anothers_person_is_absent(person, city):
    stranger = account(Role.NOMINATOR, with_child(city, "unit"))

    with pytest.raises(type(person).DoesNotExist):
        reveal(person.pk, "identity", actor=stranger, reason=REASON)


def test_a_telephone_nobody_gave_is_not_revealed(person, unit):
    with refused("nothing-to-reveal"):
        reveal(person.pk, "phone", actor=account(Role.HANDLER, unit), reason=REASON)


def test_many_reveals_alarm_once_and_too_many_are_refused(person, unit, city, monkeypatch):
    monkeypatch.setattr(identities, "ALARM_AFTER", 2)
    monkeypatch.setattr(identities, "MOST_REVEALS", 4)
    actor, guard = account(Role.HANDLER, unit), account(Role.SECURITY_ADMIN, city)

    counts = [
        reveal(person.pk, "identity", actor=actor, reason=REASON).seen_count for _ in range(4)
    ]
    with refused("reveal-limit-reached"):
        reveal(person.pk, "identity", actor=actor, reason=REASON)

    assert counts == [1, 2, 3, 4]
    assert Notice.objects.filter(recipient=guard).count() == 1
    assert Record.objects.filter(kind=Record.Kind.REVEAL).count() == 4


def test_several_numbers_at_once_are_each_on_record_and_only_of_whom_one_may_see(person, city):
    stranger = PersonFactory(organization=OrganizationFactory(code="YT"))
    actor = account(Role.HANDLER, city)

    shown = reveal_identities([person, stranger], actor=actor, reason=REASON)

    assert shown == {person.pk: identity_number()}
    records = Record.objects.filter(kind=Record.Kind.REVEAL)
    assert [(record.subject, record.note) for record in records] == [(subject_of(person), REASON)]
    with refused("reason-required"):
        reveal_identities([person], actor=actor, reason=" 看 ")


def test_as_many_as_are_too_many_alone_are_too_many_at_once(unit, city, monkeypatch):
    monkeypatch.setattr(identities, "MOST_REVEALS", 3)
    sealed = vault.encrypt(identity_number().encode())
    persons = PersonFactory.create_batch(3, organization=unit, identity_cipher=sealed)
    actor = account(Role.HANDLER, city)
    reveal(persons[0].pk, "identity", actor=actor, reason=REASON)

    with refused("reveal-limit-reached"):
        reveal_identities(persons, actor=actor, reason=REASON)
    assert Record.objects.filter(kind=Record.Kind.REVEAL).count() == 1
    assert len(reveal_identities(persons[1:], actor=actor, reason=REASON)) == 2
