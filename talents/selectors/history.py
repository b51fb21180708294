"""The append-only record of a subject as the pages of this app show it: in the words of its forms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflow.selectors import entries_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import User
    from workflow.models import Record
    from workflow.selectors import Entry, FieldChange

#: Keys of records that mean nothing to a reader.
TECHNICAL = {"submission", "edition_digest"}
LABELS = {
    "segments": "工作经历",
    "count": "人数",
    "places": "名额",
    "organization": "组织",
    "identity": "公民身份号码",
    "phone": "联系电话",
}


def entries(records: Sequence[Record], user: User) -> list[Entry]:
    """The records as lines; of a first filing only that it happened, not every field again."""
    return [
        replace(
            entry,
            label=entry.record.action,
            changes=_told(entry.changes) if entry.record.before else (),
        )
        for entry in entries_of(records, user)
    ]


def _told(changes: Sequence[FieldChange]) -> list[FieldChange]:
    return [
        replace(change, label=LABELS.get(change.label, change.label))
        for change in changes
        if change.label not in TECHNICAL and change.before != change.after
    ]
