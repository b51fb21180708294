"""Finding that entrants meet the conditions of entry: by a named person, for a reason, on the record."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from competitions.models import Entry
from competitions.permissions.admission import may_admit, may_vouch_for_certificate
from competitions.rules.levels import certificates_of_trade, levels_on_file
from competitions.selectors.admission import who_owes
from competitions.selectors.eligibility import LEVEL_ON_FILE_LATE
from competitions.services.contests import locked_item
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.models import QuerySet

    from competitions.models import Item
    from organizations.models import User

ADMITTED = Event("competitions.admitted", "认定参赛资格", Record.Kind.CHANGE)
LAPSED = Event("competitions.admission-lapsed", "资格认定失效", Record.Kind.CHANGE)
#: A finding is about these; once one of them is put right, it is about nothing any more.
FOUND_BY = ("in_city_since", "proof")
#: Once marks are closed, the level is, too: it decides who rises.
FOUND_BY_LATER = (*FOUND_BY, "present_level")


@transaction.atomic
def admit(item_id: int, entries: Collection[int], *, actor: User, note: str) -> int:
    """Write down that these entrants of an item meet what the rules ask, and by what that was seen; how many."""
    item = locked_item(item_id, actor)
    check_reason(note)
    waiting = {one.entry.pk: one for one in who_owes(item, list(entries))}
    if not waiting or set(entries) - waiting.keys():
        message = "所选参赛人没有待认定的条件，或已认定、退赛，请刷新后重选"
        raise DomainError("nothing-to-admit", message)
    late = [one.entry.pk for one in waiting.values() if LEVEL_ON_FILE_LATE in one.titles]
    for one in waiting.values():
        may_admit.check(actor, one.entry)
        if one.entry.pk in late:
            _check_certificate_seen(one.entry, actor)
    reason = note.strip()[:200]
    rows = Entry.objects.filter(pk__in=waiting)
    rows.update(admitted_by=actor, admitted_on=timezone.localdate(), admitted_for=reason)
    note_levels(item, Entry.objects.filter(pk__in=late))
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


def _check_certificate_seen(entry: Entry, actor: User) -> None:
    """A level by a certificate put on file late is found by a document, by another than put it there."""
    if not entry.proof:
        message = f"{entry.person.name}在册证书的等级在成绩锁定后有变动，请先在参赛页面登记所交证明，再由另一人认定"
        raise DomainError("proof-missing", message)
    may_vouch_for_certificate.check(actor, entry)


def note_levels(item: Item, entries: QuerySet[Entry]) -> None:
    """Write down the level that the certificates of these entrants of ``item`` say by now."""
    found = levels_on_file(certificates_of_trade(item), entries)
    persons: dict[str, list[int]] = defaultdict(list)
    for person, level in found.items():
        persons[level].append(person)
    pks = list(entries.values_list("pk", flat=True))
    rows = Entry.objects.filter(pk__in=pks)
    rows.update(level_on_file="")
    for level, of in persons.items():
        rows.filter(person__in=of).update(level_on_file=level)


def note_levels_at_locking(item: Item) -> None:
    """The same of all as marks are closed; once a board was published, only of whom that was not done."""
    rows = Entry.objects.filter(item=item)
    note_levels(item, rows.filter(level_on_file__isnull=True) if item.boards.exists() else rows)


def found_by(item: Item) -> tuple[str, ...]:
    """What a finding about an entrant of ``item`` is about at this time."""
    return FOUND_BY_LATER if item.is_settled else FOUND_BY


def told_late(entry: Entry, facts: Mapping[str, object]) -> dict[str, bool]:
    """Which facts are told, or told otherwise, once marks are closed: by a document that somebody else looks at.

    Refused where none is named. Once a fact is one of these, it stays one.
    """
    late = {
        "since_told_late": facts["in_city_since"] != entry.in_city_since,
        "level_told_late": facts["present_level"] != entry.present_level,
    }
    told = {
        name: getattr(entry, name) or (is_new and entry.item.is_settled)
        for name, is_new in late.items()
    }
    if any(told.values()) and not str(facts["proof"]).strip():
        message = (
            f"“{entry.item}”的成绩锁定过，补填、更正{entry.person.name}的起始日期或等级须写明所交证明，"
            "由主办单位另一人认定"
        )
        raise DomainError("proof-missing", message)
    return told


def lapse(entry: Entry, before: Mapping[str, object], *, actor: User) -> None:
    """Take the finding away from an entrant about whom something else is on file now than it was about."""
    if entry.admitted_by_id is None or all(getattr(entry, n) == was for n, was in before.items()):
        return
    entry.admitted_by, entry.admitted_on, entry.admitted_for = None, None, ""
    entry.save(update_fields=["admitted_by", "admitted_on", "admitted_for"])
    record_event(
        LAPSED,
        subject_of(entry),
        actor=actor,
        organization=entry.item.competition.organizer,
        note="据以认定的起始日期、等级或证明已更正，须重新认定",
    )
