"""The append-only record of a subject, as the history list shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from talents.models import Nomination, Person, SelectionRound

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from organizations.models import User
    from workflow.models import Record

#: Keys of records that mean nothing to a reader.
TECHNICAL = {"submission", "edition_digest"}
MORE_LABELS = {
    "segments": "工作经历",
    "count": "人数",
    "places": "名额",
    "organization": "组织",
    "round": "轮次",
    "identity": "公民身份号码",
    "phone": "联系电话",
    "eligible_count": "合格",
    "ineligible_count": "不合格",
    "missing_count": "资料缺失",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history."""

    at: datetime
    label: str
    actor: User
    note: str
    changes: list[Change] = field(default_factory=list)


def entries(records: Iterable[Record]) -> list[Entry]:
    """The records as lines; a change names its fields as the forms do."""
    return [_entry(record) for record in records]


def _entry(record: Record) -> Entry:
    changes = []
    if record.before and record.after:
        changes = [
            Change(_label(name), record.before.get(name), after)
            for name, after in record.after.items()
            if name not in TECHNICAL and record.before.get(name) != after
        ]
    return Entry(record.at, record.action, record.actor, record.note, changes)


def _label(name: str) -> str:
    if name in MORE_LABELS:
        return MORE_LABELS[name]
    for model in (Nomination, Person, SelectionRound):
        for column in model._meta.fields:
            if column.name == name:
                return str(column.verbose_name)
    return name
