"""What people object to about somebody on a list: received, looked into, decided by another."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from organizations.models import User
from talents.models import Honour, NoticeEntry, Objection, PublicNotice
from talents.permissions.publicity import (
    DISMISS,
    LOOK_INTO,
    REOPEN_OBJECTION,
    UPHOLD,
    may_decide_objection,
    may_enter_objection,
    may_look_into,
    may_reopen_objection,
)
from talents.services.publicity_notices import (
    tell_decided,
    tell_looked_into,
    tell_objected,
    tell_upheld,
)
from talents.services.scans import keep_scan
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.storage import vault

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from organizations.models import Organization
    from talents.services.scans import Scan

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


@dataclass(frozen=True, slots=True)
class Came:
    """How and on which day something came otherwise than by the page, and the paper if there is one."""

    channel: str
    on: date
    scan: Scan | None = None


@transaction.atomic
def receive_objection(entry_id: int, reported: Reported) -> Objection:
    """Take it in from anybody while the list is up; the receipt number is the only way back to it."""
    notice = _notice_held(entry_id)
    if not notice.takes_objections:
        raise DomainError("notice-not-up", "该名单不在公示期内，请按公示所列方式向受理部门反映")
    received = Objection.objects.filter(
        entry__notice=notice,
        channel=Objection.Channel.ONLINE,
        received_at__date=timezone.localdate(),
    )
    if received.count() >= MOST_A_DAY:
        raise DomainError("too-many-objections", "今日网上受理已满，请按公示所列电话或地址反映")
    return _received(entry_id, notice, reported, actor=User.objects.system())


@transaction.atomic
def enter_objection(entry_id: int, reported: Reported, came: Came, *, actor: User) -> Objection:
    """Put down what came by letter, telephone or visit while the list was up, today or since.

    Also where it came under an earlier version on which the person stood; it holds them in the new one.
    """
    notice = _notice_held(entry_id, PublicNotice.objects.visible_to(actor))
    may_enter_objection.check(actor, notice)
    if came.on > timezone.localdate() or not _was_up(notice, entry_id, came.on):
        message = f"收到日期应在本名单或列有本人的此前版本公示期内（本名单{notice.starts_on}至{notice.ends_on}），且不晚于今天"
        raise DomainError("received-out-of-time", message)
    kept = None
    if came.scan is not None:
        kept = keep_scan(came.scan, organization=notice.organization, actor=actor)
    return _received(
        entry_id,
        notice,
        reported,
        actor=actor,
        channel=came.channel,
        received_on=came.on,
        scan=kept,
        entered_by=actor,
    )


def _was_up(notice: PublicNotice, entry_id: int, day: date) -> bool:
    """Whether the person of a line stood on this or an earlier version of the list that was up that day."""
    of_person = NoticeEntry.objects.filter(pk=entry_id).values("nomination")
    return PublicNotice.published().filter(
        round=notice.round_id,
        organization=notice.organization_id,
        of_level=notice.of_level,
        version__lte=notice.version,
        entries__nomination__in=of_person,
        starts_on__lte=day,
        ends_on__gte=day,
    ).exists()  # fmt: skip


def _notice_held(entry_id: int, rows: QuerySet[PublicNotice] | None = None) -> PublicNotice:
    notices = PublicNotice.objects.all() if rows is None else rows
    held = notices.select_for_update(no_key=True, of=("self",))
    return held.select_related("organization", "round").get(entries=entry_id)


def _received(
    entry_id: int, notice: PublicNotice, reported: Reported, *, actor: User, **facts: Any
) -> Objection:
    objection = Objection.objects.create(
        entry=NoticeEntry.objects.get(pk=entry_id),
        receipt="".join(secrets.choice(LETTERS) for _ in range(RECEIPT_LENGTH)),
        category=reported.category,
        is_anonymous=not reported.sender,
        sender_cipher=vault.encrypt(reported.sender.encode()) if reported.sender else None,
        words_cipher=vault.encrypt(reported.words.encode()),
        **facts,
    )
    record_event(
        RECEIVED,
        subject_of(objection),
        actor=actor,
        organization=notice.organization,
        after={
            "category": objection.get_category_display(),
            "receipt": objection.receipt,
            "channel": objection.get_channel_display(),
        },
    )
    tell_objected(objection, notice)
    return objection


@transaction.atomic
def reopen_objection(objection_id: int, *, actor: User, note: str) -> Objection:
    """Have one that was upheld looked into again, for a reason; until then it holds as an open one."""
    objection, body = _locked(objection_id, actor)
    check_reason(note)
    may_reopen_objection.check(actor, objection)
    REOPEN_OBJECTION.apply(
        objection, organization=body, actor=actor, note=note, decided_by=None, decided_on=None
    )
    tell_objected(objection, objection.entry.notice)
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
    """Uphold it, and the person is not named; or dismiss it, and nothing holds them any more.

    The staff is told, and the unit of whoever is out. Where the person was named meanwhile, who may propose to take the title back is told.
    """
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
    tell_decided(objection, actor=actor)
    if is_upheld:
        tell_upheld(objection, actor=actor)
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


def consequence_of(objection: Objection) -> str:
    """What comes of one that was upheld, for whoever knows its number; "" of any other."""
    if objection.state != Objection.State.UPHELD:
        return ""
    title = Honour.published().filter(nomination=objection.entry.nomination_id).first()
    if title is None:
        return "所涉人选不予推荐或命名"
    if title.state == Honour.State.REVOKED:
        return "所涉人选的称号已撤销"
    return "所涉人选此前已命名，是否撤销称号按程序办理"


def _locked(objection_id: int, actor: User) -> tuple[Objection, Organization]:
    rows = Objection.objects.visible_to(actor).select_related("entry__notice__organization")
    objection = rows.select_for_update(of=("self",)).get(pk=objection_id)
    return objection, objection.entry.notice.organization
