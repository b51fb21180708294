"""Saying that a list could be read where it was put up, or that it could not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from talents.models import NoticeCheck, PublicNotice
from talents.permissions.publicity import may_check_posting
from talents.services.scans import keep_scan
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.models import User
    from talents.services.scans import Scan

LOOKED = Event("talents.notice-looked-at", "登记公示查看")


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looked says where, when, whether it could be read, and what else there is to say."""

    place: str
    seen_at: datetime
    is_up: bool
    told: str = ""
    scan: Scan | None = None


@refusing()
@transaction.atomic
def check_posting(notice_id: int, seen: Seen, *, actor: User) -> NoticeCheck:
    """Put it on record; of days on which the list was not up, nothing can be said."""
    rows = PublicNotice.objects.visible_to(actor).select_related("organization", "round")
    notice = rows.select_for_update(of=("self",)).get(pk=notice_id)
    may_check_posting.check(actor, notice)
    day = timezone.localdate(seen.seen_at)
    first, last = notice.starts_on, notice.ends_on
    is_within = first is not None and last is not None and first <= day <= last
    if not is_within or seen.seen_at > timezone.now():
        message = f"查看时间应在公示期内（{first}至{last}），且不晚于现在"
        raise DomainError("posting-out-of-time", message)
    kept = None
    if seen.scan is not None:
        kept = keep_scan(seen.scan, organization=notice.organization, actor=actor)
    made = NoticeCheck.objects.create(
        notice=notice,
        place=seen.place,
        seen_at=seen.seen_at,
        is_up=seen.is_up,
        told=seen.told,
        scan=kept,
        made_by=actor,
    )
    record_event(
        LOOKED,
        subject_of(notice),
        actor=actor,
        organization=notice.organization,
        after={
            "seen_at": seen.seen_at.isoformat(),
            "is_up": seen.is_up,
            "sha256": kept.sha256 if kept else "",
        },
        note=f"{seen.place}：{'能够查看' if seen.is_up else '不能查看'}",
    )
    return made
