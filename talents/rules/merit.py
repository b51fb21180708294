"""The order of merit of a round: who may go up on its list, and after whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import Honour, Nomination, NoticeEntry, Objection
from talents.rules.ranking import placed, ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import PublicNotice, SelectionRound
    from talents.rules.ranking import Ranked


def in_order(selection: SelectionRound) -> list[Ranked]:
    """Who may go up, in the declared order."""
    confirmed = set(
        Nomination.objects.filter(round=selection, state=Nomination.State.CHECKED)
        .exclude(pk__in=objected(selection))
        .values_list("pk", flat=True)
    )
    by_contest = placed(selection)
    marked = [one for one in ranking(selection) if one.nomination not in by_contest]
    found = [one for one in (*by_contest.values(), *marked) if one.nomination in confirmed]
    return sorted(found, key=lambda one: (one.rank, one.plain_rank, one.spread, one.row or 0))


def objected(selection: SelectionRound) -> list[int]:
    upheld = NoticeEntry.objects.filter(notice__round=selection, objections__state="upheld")
    return list(upheld.values_list("nomination", flat=True))


def held_in(selection: SelectionRound) -> set[int]:
    """Whom an open objection holds, on whatever version of the list."""
    held = Objection.standing().filter(entry__notice__round=selection)
    return set(held.values_list("entry__nomination", flat=True)) - set(objected(selection))


def named_of(entries: Sequence[NoticeEntry]) -> set[int]:
    """Who of a list has the title already."""
    nominations = [entry.nomination_id for entry in entries]
    rows = Honour.objects.filter(nomination__in=nominations)
    return set(rows.values_list("nomination", flat=True))


def to_be_named(notice: PublicNotice, entries: Sequence[NoticeEntry]) -> list[NoticeEntry]:
    """Who of a list is to be named now, in its order; nobody twice.

    Whoever an objection is open about keeps their place until it is decided, and is named then.
    """
    waiting = held_in(notice.round)
    return [one for one in in_their_places(notice, entries) if one.nomination_id not in waiting]


def in_their_places(notice: PublicNotice, entries: Sequence[NoticeEntry]) -> list[NoticeEntry]:
    """To whom of a list the places not yet given belong: the first of those who still stand.

    Whose objection was upheld, on whatever version of the list, and who is no longer confirmed, gives
    the place up to the reserve.
    """
    upheld, named = set(objected(notice.round)), named_of(entries)
    standing = [
        entry
        for entry in entries
        if entry.nomination_id not in upheld | named
        and entry.nomination.state == Nomination.State.CHECKED
    ]
    return standing[: notice.places - notice.named_count]


def names_later(notice: PublicNotice) -> bool:
    """Whether a list that named already has somebody who was held back then and is not any more."""
    if notice.state != notice.State.CONCLUDED or notice.named_count >= notice.places:
        return False
    entries = notice.entries.select_related("nomination").order_by("position")
    return bool(to_be_named(notice, list(entries)))
