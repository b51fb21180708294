"""Registering results, seeds and own assessment, with who made them and the paper; taking out what was in error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization
from talents.models import ActionEntry, ActionPartner
from talents.permissions import may_correct_person
from talents.permissions.actions import (
    may_attach_to_entry,
    may_complete_entry,
    may_enter,
    may_withdraw_entry,
)
from talents.services.persons import PERSON_FIELDS, person_with, registered_person
from talents.services.referrals import Asked, counted
from talents.services.scans import keep_scan
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import User
    from talents.services.scans import Scan

ENTERED = Event("talents.action-entered", "登记行动")
WITHDRAWN = Event("talents.action-withdrawn", "撤下登记")
PARTNERED = Event("talents.action-partnered", "登记完成人")
EVIDENCED = Event("talents.action-evidenced", "上传证明材料")
Kind = ActionEntry.Kind


@dataclass(frozen=True, slots=True)
class Told:
    """What is registered, with its paper, but for whom."""

    kind: str
    sort: str
    told: str
    held_on: date
    document_number: str = ""
    scan: Scan | None = None


def enter_action(
    told: Told,
    *,
    organization_id: int,
    identity: str = "",
    person: dict[str, Any] | None = None,
    actor: User,
) -> ActionEntry:
    """Register one entry; a person who is not on file yet is put there by number and name."""

    def asked() -> Asked:
        body = Organization.objects.get(pk=organization_id)
        return Asked(subject_of(body), body, reverse("talents:actions"))

    with counted(identity, asked, actor=actor):
        return _entered(told, organization_id, identity, person or {}, actor=actor)


@refusing()
@transaction.atomic
def _entered(
    told: Told, organization_id: int, identity: str, person: dict[str, Any], *, actor: User
) -> ActionEntry:
    body = Organization.objects.visible_to(actor).get(pk=organization_id)
    may_enter.check(actor, body)
    if told.held_on > timezone.localdate():
        raise DomainError("action-in-future", "日期不能晚于今天，请在办成之后登记")
    somebody = None
    if identity:
        facts = _facts(identity, person, actor)
        somebody = registered_person(identity, facts, organization=body, actor=actor)
    made = ActionEntry.objects.create(
        kind=told.kind,
        sort=told.sort,
        told=told.told,
        held_on=told.held_on,
        document_number=told.document_number,
        organization=body,
        person=somebody,
        entered_by=actor,
    )
    record_event(ENTERED, subject_of(made), actor=actor, organization=body, note=str(made))
    if told.scan is not None:
        _attach(made, told.scan, actor=actor)
    return made


@transaction.atomic
def attach_scan(entry_id: int, *, scan: Scan, actor: User) -> ActionEntry:
    """Put the paper that proves a result to it: the certificate, the decision that names it."""
    found = _locked(entry_id, actor)
    _attach(found, scan, actor=actor)
    return found


def _attach(entry: ActionEntry, scan: Scan, *, actor: User) -> None:
    may_attach_to_entry.check(actor, entry)
    entry.scan = keep_scan(scan, organization=entry.organization, actor=actor)
    entry.save(update_fields=["scan"])
    record_event(
        EVIDENCED,
        subject_of(entry),
        actor=actor,
        organization=entry.organization,
        after={"sha256": entry.scan.sha256},
        note=entry.scan.filename,
    )


def add_partner(
    entry_id: int, *, identity: str, person: dict[str, Any], actor: User
) -> ActionPartner:
    """Say who else made a result, next in the order of the paper."""

    def asked() -> Asked:
        entry = ActionEntry.objects.visible_to(actor).get(pk=entry_id)
        href = reverse("talents:action", args=[entry.pk])
        return Asked(subject_of(entry), entry.organization, href)

    with counted(identity, asked, actor=actor):
        return _partnered(entry_id, identity, person, actor=actor)


@refusing()
@transaction.atomic
def _partnered(
    entry_id: int, identity: str, person: dict[str, Any], *, actor: User
) -> ActionPartner:
    entry = _locked(entry_id, actor)
    may_complete_entry.check(actor, entry)
    facts = _facts(identity, person, actor)
    somebody = registered_person(identity, facts, organization=entry.organization, actor=actor)
    if somebody.pk == entry.person_id:
        raise DomainError("partner-is-first", "此人已登记为第一完成人，不必再登记")
    last = entry.partners.aggregate(last=Max("place"))["last"] or 1
    made = ActionPartner.objects.create(entry=entry, person=somebody, place=last + 1)
    record_event(
        PARTNERED,
        subject_of(entry),
        actor=actor,
        organization=entry.organization,
        note=str(made),
    )
    return made


def _locked(entry_id: int, actor: User) -> ActionEntry:
    rows = ActionEntry.objects.visible_to(actor).select_related("organization", "person")
    return rows.select_for_update(of=("self",)).get(pk=entry_id)


def _facts(identity: str, typed: dict[str, Any], actor: User) -> dict[str, Any]:
    """What was typed; of somebody within reach the rest as it is on file, so that none of it is emptied."""
    blank = dict.fromkeys(PERSON_FIELDS, "") | {"birth_on": None, "phone": ""}
    known = person_with(identity)
    if known is not None and may_correct_person.allows(actor, known):
        blank |= {field: getattr(known, field) for field in PERSON_FIELDS}
    return blank | {field: value for field, value in typed.items() if value}


@transaction.atomic
def withdraw_entry(entry_id: int, *, note: str, actor: User) -> ActionEntry:
    """Take it out of the count, for a reason; the entry itself stays."""
    found = _locked(entry_id, actor)
    may_withdraw_entry.check(actor, found)
    check_reason(note, "撤下登记")
    found.withdrawn_on = timezone.localdate()
    found.save(update_fields=["withdrawn_on"])
    record_event(
        WITHDRAWN, subject_of(found), actor=actor, organization=found.organization, note=note
    )
    return found
