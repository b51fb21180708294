"""What is shown of jobs, notices, records and bodies: scoped, ordered, with all a page needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow.models import Attachment, Job, Notice, Record
from workflow.permissions import GUARDED_KINDS, is_only_business, may_read_content
from workflow.records.wording import fields_of, label_of, names_of, subject_in_words, value_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.db.models import Field, QuerySet

    from organizations.models import User

LONGEST_HISTORY = 200


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record, as a person reads it."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as a line of a history."""

    at: datetime
    label: str
    actor: str
    note: str
    changes: Sequence[FieldChange]
    record: Record
    subject: str

    @property
    def digest(self) -> str:
        return bytes(self.record.hash).hex()


def jobs_in_scope(user: User) -> QuerySet[Job]:
    return Job.objects.visible_to(user).select_related("requested_by", "organization")


def attachments_in_scope(user: User) -> QuerySet[Attachment]:
    return Attachment.objects.visible_to(user).select_related("organization")


def own_notices(user: User) -> QuerySet[Notice]:
    return user.notices.order_by("-pk")


def unread(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    return notices.filter(read_at__isnull=True)


def records_in_scope(user: User) -> QuerySet[Record]:
    """Records ``user`` may read: colleagues' logins and grants only for those who guard them."""
    rows = Record.objects.visible_to(user).select_related("actor", "organization")
    return rows.exclude(kind__in=GUARDED_KINDS) if is_only_business(user) else rows


def history_of(subject: str, user: User) -> list[Entry]:
    """What happened to one subject, newest first."""
    rows = records_in_scope(user).filter(subject=subject)[:LONGEST_HISTORY]
    return entries_of(rows, user)


def entries_of(records: Sequence[Record] | QuerySet[Record], user: User) -> list[Entry]:
    """Records as lines to read; content that is not ``user``'s business is left out."""
    records = list(records)
    names = names_of({record.subject for record in records}, user)
    return [_entry(record, names, is_open=may_read_content(user, record)) for record in records]


def _entry(record: Record, names: Mapping[str, str], *, is_open: bool) -> Entry:
    fields = fields_of(record.subject)
    state = fields.get("state") or fields.get("status")
    moved = f"（{value_in_words(record.source, state)} → {value_in_words(record.target, state)}）"
    return Entry(
        at=record.at,
        label=record.action + (moved if record.source and record.source != record.target else ""),
        actor=str(record.actor),
        note=record.note if is_open else "",
        changes=_changes(record, fields) if is_open else (),
        record=record,
        subject=names.get(record.subject) or subject_in_words(record.subject),
    )


def _changes(record: Record, fields: dict[str, Field]) -> list[FieldChange]:
    before, after = record.before, record.after
    return [
        FieldChange(
            label=label_of(name, fields),
            before=value_in_words(before.get(name, ""), fields.get(name)),
            after=value_in_words(after.get(name, ""), fields.get(name)),
        )
        for name in dict.fromkeys([*before, *after])
    ]
