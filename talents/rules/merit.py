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


def to_be_named(notice: PublicNotice, entries: Sequence[NoticeEntry]) -> list[NoticeEntry]:
    """Who of a list is to be named now, in its order; nobody twice.

    The places not yet given belong to the first of those who still stand. Whoever an objection is open
    about keeps their place until it is decided, and is named then. Whose objection was upheld, on
    whatever version of the list, and who is no longer confirmed, gives it up to the reserve.
    """
    held = Objection.standing().filter(entry__notice__round=notice.round)
    upheld = set(objected(notice.round))
    waiting = set(held.values_list("entry__nomination", flat=True)) - upheld
    nominations = [entry.nomination_id for entry in entries]
    named = set(
        Honour.objects.filter(nomination__in=nominations).values_list("nomination", flat=True)
    )
    standing = [
        entry
        for entry in entries
        if entry.nomination_id not in upheld | named
        and entry.nomination.state == Nomination.State.CHECKED
    ]
    placed_now = standing[: notice.places - notice.named_count]
    return [entry for entry in placed_now if entry.nomination_id not in waiting]


def names_later(notice: PublicNotice) -> bool:
    """Whether a list that named already has somebody who was held back then and is not any more."""
    if notice.state != notice.State.CONCLUDED or notice.named_count >= notice.places:
        return False
    entries = notice.entries.select_related("nomination").order_by("position")
    return bool(to_be_named(notice, list(entries)))
