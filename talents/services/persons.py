"""Registering persons by identity number, and correcting what is known about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from organizations.models import Organization
from talents.models import Certificate, Person
from talents.models.persons import name_keys, phone_of
from talents.permissions import may_correct_identity, may_correct_person
from talents.rules.evidence import certificate_says
from workflow.corrections import correct
from workflow.records import record_change
from workflow.refusals import DomainError
from workflow.refusals.database import refusing
from workflow.storage import vault
from workflow.texts.folding import fold_prose

if TYPE_CHECKING:
    from organizations.models import User

#: What a form may say about a person besides the identity number and the telephone.
PERSON_FIELDS = Person.CORRECTABLE.fields
#: Of these, what does not follow from the number.
TYPED_FIELDS = ("name", "ethnicity", "education", "political_status")

#: A number on file under another name.
CONFLICT = "name-conflict"
#: The code of the one answer about a person of a unit out of reach.
ELSEWHERE = "person-elsewhere"

#: How the database calls the rule that an identity number stands once.
IDENTITY_ONCE = "talents_person_identity_digest_key"


def person_with(identity: str) -> Person | None:
    """The one person registered under an identity number, wherever they work.

    For deciding only: what is shown of them is up to ``visible_to``.
    """
    rows = Person.objects.select_related("organization")
    return rows.filter(identity_digest=vault.digest(identity)).first()


def person_named(identity: str, name: str) -> Person | None:
    """The same, wherever they work, under that very name; refused when on file under another."""
    person = person_with(identity)
    if person is not None and not _bears(person, name):
        message = "姓名与公民身份号码未能核对一致，请核对身份证原件；确认无误的，请联系主管工会"
        raise DomainError("name-conflict", message)
    return person


@transaction.atomic
def registered_person(
    identity: str, facts: dict[str, Any], *, organization: Organization, actor: User
) -> Person:
    """The person of that number: the one on file, else a new one at ``organization``.

    A person on file keeps their organization. What the form tells about them is taken over only from
    someone who may correct them; a different name is refused, because then one of the two is wrong.
    From anybody else all of it must agree with what is on file, and what does not is not told.
    """
    sealed = {
        "identity_cipher": vault.encrypt(identity.encode()),
        "identity_mask": vault.mask_identity(identity),
        "organization": organization,
    }
    fields = {field: facts[field] for field in PERSON_FIELDS} | name_keys(facts["name"])
    person, made = Person.objects.get_or_create(
        identity_digest=vault.digest(identity),
        defaults=fields | sealed | {"phone_cipher": _sealed_phone(facts)},
    )
    if made:
        return person
    if not may_correct_person.allows(actor, person):
        if not _agrees(person, facts):
            raise person_elsewhere()
        return person
    if not _bears(person, facts["name"]):
        message = "该公民身份号码已登记在另一个姓名之下，请核对身份证原件；确认无误的，请联系主管工会更正人员档案"
        raise DomainError("name-conflict", message)
    correct_person(person.pk, facts, version=None, actor=actor, note="申报时更新人员资料")
    return person


def person_elsewhere() -> DomainError:
    """The one answer about a person of a unit out of reach, whatever it is that stands in the way.

    It tells neither a name nor an employer, nor whether somebody else has put the person forward.
    """
    message = (
        "该人员须由上级工会核对后受理，本次未登记；已转共同上级工会核对，请等候通知，不必重复提交"
    )
    return DomainError("person-elsewhere", message)


def check_agrees(person: Person, facts: dict[str, Any], *, identity: str = "") -> None:
    """Refuse what differs from a file that is kept elsewhere, instead of dropping it unsaid."""
    is_same = not identity or vault.digest(identity) == bytes(person.identity_digest)
    if not (is_same and _agrees(person, facts)):
        message = (
            "人员档案由其所在单位维护，所填人员资料与档案不一致，未受理；"
            "请将这些项目留空，确需更正的请联系主管工会"
        )
        raise DomainError("person-kept-elsewhere", message)


def _agrees(person: Person, facts: dict[str, Any]) -> bool:
    """Whether nothing told differs; what is left blank tells nothing, sex and birthday follow."""
    phone = facts.get("phone")
    return (
        _bears(person, facts["name"])
        and not any(
            facts.get(field) and fold_prose(facts[field]) != fold_prose(getattr(person, field))
            for field in TYPED_FIELDS
            if field != "name"
        )
        and (not phone or phone == phone_of(person))
    )


def _bears(person: Person, name: str) -> bool:
    return person.name.replace(" ", "") == (name or person.name).replace(" ", "")


@transaction.atomic
def correct_person(
    person_id: int, facts: dict[str, Any], *, version: int | None, actor: User, note: str
) -> bool:
    """Write what changed about a person, and say whether anything did; ``phone`` only when given."""
    rows = Person.objects.visible_to(actor).select_related("organization")
    person = rows.select_for_update(of=("self",)).get(pk=person_id)
    may_correct_person.check(actor, person)

    def change_phone(row: Person) -> None:
        if facts.get("phone") and facts["phone"] != phone_of(row):
            row.phone_cipher = _sealed_phone(facts)

    return correct(person, facts, version=version, actor=actor, note=note, follow_up=change_phone)


@transaction.atomic
def correct_identity(person: Person, identity: str, *, actor: User, note: str) -> bool:
    """Put right a mistyped number; False where it is the number on file.

    Where others put the person forward too, it is for staff above all of them, who say why.
    """
    rows = Person.objects.select_related("organization")
    row = rows.select_for_update(of=("self",)).get(pk=person.pk)
    other = person_with(identity)
    if other is not None and other.pk == row.pk:
        return False
    if other is not None:
        raise _anothers_number() if may_correct_person.allows(actor, other) else person_elsewhere()
    _check_above_all(row, actor=actor, note=note)
    row.identity_cipher = vault.encrypt(identity.encode())
    row.identity_digest = vault.digest(identity)
    row.identity_mask = vault.mask_identity(identity)
    # somebody may have registered that number a moment ago
    with refusing({IDENTITY_ONCE: _anothers_number()}), transaction.atomic():
        row.save(update_fields=["identity_cipher", "identity_digest", "identity_mask"])
    record_change(
        row,
        actor=actor,
        organization=row.organization,
        note=note,
        before={"identity": ""},
        after={"identity": "changed"},
    )
    return True


def _anothers_number() -> DomainError:
    message = "更正后的公民身份号码已登记在另一名人员之下；请撤回本推荐，再以该人员重新申报"
    return DomainError("identity-belongs-to-another", message)


def _check_above_all(person: Person, *, actor: User, note: str) -> None:
    units = Organization.objects.filter(nominations__person=person)
    if units.count() <= 1:  # one row for each nomination
        return
    may_correct_identity.check(actor, person, {person.organization, *units})
    if not note.strip():
        raise DomainError("reason-required", "更正身份号码须写明依据")


def keep_certificate(person: Person, number: str, *, occupation: str) -> None:
    """Put a certificate on the person's file; level and year are read from a 22-character number."""
    if not number:
        return
    level, year = certificate_says(number)
    Certificate.objects.get_or_create(
        person=person,
        number=number,
        defaults={"level": level, "issued_year": year, "occupation": occupation},
    )


def _sealed_phone(facts: dict[str, Any]) -> bytes | None:
    return vault.encrypt(facts["phone"].encode()) if facts.get("phone") else None
