"""Entering, correcting and removing classes and enrolments by form, on the record.

The kept counts move with the rows by themselves (migration 0002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from academies.models import Academy, Enrolment, TrainingClass
from academies.permissions import KEEPERS, check_year, may_keep
from organizations.models import Organization
from organizations.scoping import within_reach
from organizations.validity import in_force
from talents.services.persons import person_named, registered_person
from talents.services.referrals import Asked, counted
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from workflow.texts.identity import Identity

CLASS_ENTERED = Event("academies.class-entered", "登记培训班")
CLASS_REMOVED = Event("academies.class-removed", "删除培训班")
ENROLLED = Event("academies.enrolled", "登记学员")
ENROLMENT_REMOVED = Event("academies.enrolment-removed", "删除学员记录")


def record_class(
    academy_id: int, year: int, facts: dict[str, Any], *, actor: User
) -> TrainingClass:
    """Enter one class of an academy's year."""
    academy = _academy(academy_id, actor)
    check_year(academy, year)
    with refusing(), transaction.atomic():
        # whoever grades the year at the same moment counts it, or has graded before it
        Academy.objects.select_for_update(no_key=True).get(pk=academy.pk)
        row = TrainingClass.objects.create(academy=academy, year=year, **facts)
        _record(row, CLASS_ENTERED, academy, actor, after=row.CORRECTABLE.recorded(row))
    return row


def correct_class(
    pk: int, facts: dict[str, Any], *, version: int, actor: User, note: str
) -> TrainingClass:
    """Write what changed about a class; its enrolments follow where they repeat it."""
    return _corrected(TrainingClass, pk, facts, version=version, actor=actor, note=note)


def remove_class(pk: int, *, actor: User, note: str) -> TrainingClass:
    """Take a class away that was never held; refused while anybody is enrolled."""
    with refusing(), transaction.atomic():
        row = _locked(TrainingClass, pk, actor)
        if row.enrolments.exists():
            message = f"“{row}”还有学员登记，不能删除；请先删去学员，或改为更正"
            raise DomainError("class-in-use", message)
        before = row.CORRECTABLE.recorded(row)
        _record(row, CLASS_REMOVED, row.academy, actor, before=before, note=note)
        row.delete()
    return row


def enrol(
    class_id: int, identity: Identity, name: str, facts: dict[str, Any], *, actor: User
) -> Enrolment:
    """Enter one person in a class; the person is found by number, else registered.

    A number on file elsewhere under another name is counted against who typed it.
    """

    def asked() -> Asked:
        at = TrainingClass.objects.select_related("academy__organization").get(pk=class_id)
        href = reverse("academies:class", args=[class_id])
        return Asked(subject_of(at), at.academy.organization, href)

    with counted(identity.text, asked, actor=actor), refusing(), transaction.atomic():
        of = _locked(TrainingClass, class_id, actor)
        person = _person(of.academy, identity, name, facts["employer"], actor)
        row = Enrolment.objects.create(
            training_class=of,
            academy=of.academy,
            year=of.year,
            is_practical=of.is_practical,
            person=person,
            **facts,
        )
        after = {"class": of.number, **row.CORRECTABLE.recorded(row)}
        _record(row, ENROLLED, of.academy, actor, after=after)
    return row


def correct_enrolment(
    pk: int, facts: dict[str, Any], *, version: int, actor: User, note: str
) -> Enrolment:
    """Write what changed about one person's training; the figures change at once."""
    return _corrected(Enrolment, pk, facts, version=version, actor=actor, note=note)


def remove_enrolment(pk: int, *, actor: User, note: str) -> Enrolment:
    """Take one person out of a class, for a reason; the figures change at once."""
    with refusing(), transaction.atomic():
        row = _locked(Enrolment, pk, actor)
        before = {"class": row.training_class.number, "person": row.person.name}
        before |= row.CORRECTABLE.recorded(row)
        _record(row, ENROLMENT_REMOVED, row.academy, actor, before=before, note=note)
        row.delete()
    return row


def _academy(pk: int, actor: User) -> Academy:
    rows = Academy.objects.visible_to(actor).select_related("organization", "supervising_union")
    academy = rows.get(pk=pk)
    may_keep.check(actor, academy)
    return academy


def _locked(model: type[TrainingClass | Enrolment], pk: int, actor: User) -> Any:
    """The row, within what ``actor`` may see and keep, locked after its academy.

    Imports lock the academy too: who is second at it sees what the first has done.
    """
    rows: QuerySet[Any] = model.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union"
    )
    of_row = Academy.objects.filter(pk__in=rows.filter(pk=pk).values("academy"))
    of_row.select_for_update(no_key=True).first()
    if model is Enrolment:
        rows = rows.select_related("person", "training_class")
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    may_keep.check(actor, row.academy)
    return row


def _person(academy: Academy, identity: Identity, name: str, employer: str, actor: User) -> Any:
    """The trainee: on file under that very name, else new at the body the employer's name means.

    Only among the bodies that ``actor`` answers for: nobody puts persons into another's unit.
    """
    known = person_named(identity.text, name)
    if known is not None:
        return known
    reach = within_reach(actor, KEEPERS)
    named = Organization.objects.filter(in_force(), reach, name=employer)
    bodies = list(named[:2]) if employer else []
    facts = {"name": name, "sex": identity.sex, "birth_on": identity.birth_on, "phone": ""}
    facts |= {"ethnicity": "", "education": "", "political_status": ""}
    at = bodies[0] if len(bodies) == 1 else academy.organization
    return registered_person(identity.text, facts, organization=at, actor=actor)


def _corrected(
    model: type[TrainingClass | Enrolment], pk: int, facts: dict[str, Any], **words: Any
) -> Any:
    with refusing(), transaction.atomic():
        row = _locked(model, pk, words["actor"])
        correct(row, facts, **words)
    return row


def _record(
    row: TrainingClass | Enrolment, event: Event, academy: Academy, actor: User, **words: Any
) -> None:
    record_event(
        event,
        subject_of(row),
        actor=actor,
        organization=academy.organization,
        **words,
    )
