"""Finding that entrants meet the conditions of entry: by a named person, for a reason, on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from competitions.models import Entry
from competitions.permissions.admission import may_admit
from competitions.selectors.admission import who_owes
from competitions.services.contests import locked_item
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from organizations.models import User

ADMITTED = Event("competitions.admitted", "认定参赛资格", Record.Kind.CHANGE)
LAPSED = Event("competitions.admission-lapsed", "资格认定失效", Record.Kind.CHANGE)
#: A finding is about these; once one of them is put right, it is about nothing any more.
FOUND_BY = ("in_city_since", "proof")


@transaction.atomic
def admit(item_id: int, entries: Collection[int], *, actor: User, note: str) -> int:
    """Write down that these entrants of an item meet what the rules ask, and by what that was seen; how many."""
    item = locked_item(item_id, actor)
    check_reason(note)
    waiting = {one.entry.pk: one for one in who_owes(item, list(entries))}
    if not waiting or set(entries) - waiting.keys():
        message = "所选参赛人没有待认定的条件，或已认定、退赛，请刷新后重选"
        raise DomainError("nothing-to-admit", message)
    for one in waiting.values():
        may_admit.check(actor, one.entry)
    reason = note.strip()[:200]
    rows = Entry.objects.filter(pk__in=waiting)
    rows.update(admitted_by=actor, admitted_on=timezone.localdate(), admitted_for=reason)
    for one in waiting.values():
        record_event(
            ADMITTED,
            subject_of(one.entry),
            actor=actor,
            organization=item.competition.organizer,
            note=note,
            after={"conditions": "、".join(one.titles), "proof": one.entry.proof},
        )
    return len(waiting)


def lapse(entry: Entry, before: Mapping[str, object], *, actor: User) -> None:
    """Take the finding away from an entrant about whom something else is on file now than it was about."""
    if entry.admitted_by_id is None or all(getattr(entry, n) == before[n] for n in FOUND_BY):
        return
    entry.admitted_by, entry.admitted_on, entry.admitted_for = None, None, ""
    entry.save(update_fields=["admitted_by", "admitted_on", "admitted_for"])
    record_event(
        LAPSED,
        subject_of(entry),
        actor=actor,
        organization=entry.item.competition.organizer,
        note="据以认定的起始日期或证明已更正，须重新认定",
    )
