"""The append-only record of a subject as the pages of this app show it: in the words of its forms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflow.records.wording import label_of
from workflow.selectors import entries_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from organizations.models import User
    from workflow.models import Record
    from workflow.selectors import Entry, FieldChange

#: Entries of records that mean nothing to a reader.
TECHNICAL = {label_of(name, {}) for name in ("submission", "edition_digest")}


def entries(records: Sequence[Record] | QuerySet[Record], user: User) -> list[Entry]:
    """The records as lines; of a first filing only that it happened, not every field again."""
    return [
        replace(entry, changes=_readable(entry.changes) if entry.record.before else ())
        for entry in entries_of(records, user)
    ]


def _readable(changes: Sequence[FieldChange]) -> list[FieldChange]:
    return [
        change
        for change in changes
        if change.label not in TECHNICAL and change.before != change.after
    ]
