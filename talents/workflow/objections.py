"""What people object to about somebody on a list: received, looked into, decided by another."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from organizations.models import User
from talents.models import NoticeEntry, Objection, PublicNotice
from talents.permissions.publicity import (
    DISMISS,
    LOOK_INTO,
    UPHOLD,
    may_decide_objection,
    may_look_into,
)
from talents.services.publicity_notices import tell_looked_into, tell_objected
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.storage import vault

if TYPE_CHECKING:
    from organizations.models import Organization

RECEIVED = Event("talents.objection-received", "收到异议")
#: Letters and digits that nobody takes for one another.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 10
#: How many a list takes in within a day, so that nobody floods it.
MOST_A_DAY = 200


@dataclass(frozen=True, slots=True)
class Reported:
    """What somebody sent in; ``sender`` is empty of one who stays anonymous."""

    category: str
    words: str
    sender: str = ""


@transaction.atomic
def receive_objection(entry_id: int, reported: Reported) -> Objection:
    """Take it in from anybody while the list is up; the receipt number is the only way back to it."""
    notices = PublicNotice.objects.select_for_update(no_key=True, of=("self",))
    notice = notices.select_related("organization").get(entries=entry_id)
    today = timezone.localdate()
    if notice.state != PublicNotice.State.POSTED or not (
        notice.starts_on and notice.ends_on and notice.starts_on <= today <= notice.ends_on
    ):
        raise DomainError("notice-not-up", "该名单不在公示期内，请按公示所列方式向受理部门反映")
    entry = NoticeEntry.objects.get(pk=entry_id)
    received = Objection.objects.filter(entry__notice=notice, received_at__date=today)
    if received.count() >= MOST_A_DAY:
        raise DomainError("too-many-objections", "今日网上受理已满，请按公示所列电话或地址反映")
    objection = Objection.objects.create(
        entry=entry,
        receipt="".join(secrets.choice(LETTERS) for _ in range(RECEIPT_LENGTH)),
        category=reported.category,
        is_anonymous=not reported.sender,
        sender_cipher=vault.encrypt(reported.sender.encode()) if reported.sender else None,
        words_cipher=vault.encrypt(reported.words.encode()),
    )
    record_event(
        RECEIVED,
        subject_of(objection),
        actor=User.objects.system(),
        organization=notice.organization,
        after={"category": objection.get_category_display(), "receipt": objection.receipt},
    )
    tell_objected(objection, notice)
    return objection


@transaction.atomic
def look_into(objection_id: int, *, finding: str, actor: User) -> Objection:
    """Say what came of looking into it; another one decides."""
    objection, body = _locked(objection_id, actor)
    may_look_into.check(actor, objection)
    if not finding.strip():
        raise DomainError("finding-required", "请写明核查情况和结论")
    LOOK_INTO.apply(
        objection, organization=body, actor=actor, finding=finding.strip(), handled_by=actor
    )
    tell_looked_into(objection, actor=actor)
    return objection


@transaction.atomic
def decide_objection(
    objection_id: int, *, is_upheld: bool, actor: User, note: str = ""
) -> Objection:
    """Uphold it, and the person is not named; or dismiss it, and nothing holds them any more."""
    objection, body = _locked(objection_id, actor)
    may_decide_objection.check(actor, objection)
    (UPHOLD if is_upheld else DISMISS).apply(
        objection,
        organization=body,
        actor=actor,
        note=note,
        decided_by=actor,
        decided_on=timezone.localdate(),
    )
    return objection


def words_of(objection: Objection) -> tuple[str, str]:
    """What was said, and by whom; for who handles it."""
    sender = bytes(objection.sender_cipher or b"")
    return (
        vault.decrypt(objection.words_cipher).decode(),
        vault.decrypt(sender).decode() if sender else "",
    )


def status_of(receipt: str) -> Objection | None:
    """How it stands, for whoever knows the receipt number; it names nobody."""
    return Objection.objects.filter(receipt=receipt).first()


def _locked(objection_id: int, actor: User) -> tuple[Objection, Organization]:
    rows = Objection.objects.visible_to(actor).select_related("entry__notice__organization")
    objection = rows.select_for_update(of=("self",)).get(pk=objection_id)
    return objection, objection.entry.notice.organization
