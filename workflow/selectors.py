"""What is shown of jobs, notices, records and bodies: scoped, ordered, with all a page needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from organizations.models import Organization
from workflow.models import Attachment, Job, Notice, Record
from workflow.permissions import GUARDED_KINDS, is_only_business, may_read_content
from workflow.records.wording import (
    SUBJECTS,
    chain_in_words,
    fields_of,
    label_of,
    names_of,
    subject_in_words,
    value_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

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


def history_with(subject: str, parts: Mapping[str, str], user: User) -> list[Entry]:
    """The same together with what happened to its parts, each by the name that it has there."""
    rows = records_in_scope(user).filter(subject__in=[subject, *parts])[:LONGEST_HISTORY]
    return [
        replace(entry, label=f"{name}：{entry.label}")
        if (name := parts.get(entry.record.subject))
        else entry
        for entry in entries_of(rows, user)
    ]


def entries_of(records: Sequence[Record] | QuerySet[Record], user: User) -> list[Entry]:
    """Records as lines to read; content that is not ``user``'s business is left out."""
    records = list(records)
    names = names_of({record.subject for record in records}, user)
    return [_entry(record, names, is_open=may_read_content(user, record)) for record in records]


def _entry(record: Record, names: Mapping[str, str], *, is_open: bool) -> Entry:
    return Entry(
        at=record.at,
        label=deed_in_words(record),
        actor=str(record.actor),
        note=record.note if is_open else "",
        changes=changes_of(record) if is_open else (),
        record=record,
        subject=names.get(record.subject) or subject_in_words(record.subject),
    )


def deed_in_words(record: Record) -> str:
    """What was done; of a move from which state to which."""
    fields = fields_of(record.subject)
    state = fields.get("state") or fields.get("status")
    moved = f"（{value_in_words(record.source, state)} → {value_in_words(record.target, state)}）"
    return record.action + (moved if record.source and record.source != record.target else "")


def changes_of(record: Record) -> list[FieldChange]:
    """What a record says of its subject, field by field."""
    fields = fields_of(record.subject)

    def said(side: dict[str, Any], name: str) -> Any:
        value = side.get(name, "")
        return (
            subject_in_words(value) if name in SUBJECTS else value_in_words(value, fields.get(name))
        )

    return [
        FieldChange(label_of(name, fields), said(record.before, name), said(record.after, name))
        for name in dict.fromkeys([*record.before, *record.after])
    ]


def heads_with_names(heads: list[Any], user: User) -> list[Any]:
    """Heads of chains, each with the name of the body whose chain it is, as far as ``user`` sees it."""
    numbers = {head.chain: head.chain.rpartition("/")[2].rpartition(":")[2] for head in heads}
    wanted = [int(number) for number in numbers.values() if number.isdigit()]
    bodies = Organization.objects.visible_to(user).filter(pk__in=wanted)
    names = {str(body.pk): body.name for body in bodies}
    for head in heads:
        head.whose = names.get(numbers[head.chain]) or chain_in_words(head.chain)
    return heads
