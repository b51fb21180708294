"""The order of merit of a round: who may go up on its list, and after whom."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from talents.models import Honour, Nomination, NoticeEntry, Objection
from talents.rules.composition import Composition
from talents.rules.contests import contested
from talents.rules.ranking import TIES, among_themselves, placed, ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import PublicNotice, SelectionRound
    from talents.rules.ranking import Ranked


#: So many ties are told one by one.
MOST_TIES = 5


def in_order(selection: SelectionRound) -> list[Ranked]:
    """Who may go up, in the declared order (``TIES``): whose trade a contest decides by its places alone."""
    confirmed = set(
        Nomination.objects.filter(round=selection, state=Nomination.State.CHECKED)
        .exclude(pk__in=objected(selection))
        .values_list("pk", flat=True)
    )
    by_contest, of_contests = placed(selection), contested(selection)
    marked = among_themselves(
        [one for one in ranking(selection) if one.nomination not in of_contests]
    )
    found = [one for one in (*by_contest.values(), *marked) if one.nomination in confirmed]
    return sorted(found, key=_in_turn)


def _in_turn(one: Ranked) -> tuple[Any, ...]:
    """``TIES`` says it in words."""
    return (one.rank, one.plain_rank, one.spread, one.row or 0)


def tie_words(selection: SelectionRound, places: int) -> str:
    """That the last place falls among candidates of equal rank, who they are, and how they are told apart."""
    tied = tie_at(in_order(selection), places)
    if not tied:
        return ""
    names = "、".join(one.name for one in tied)
    return f"第{places}个名额落在并列第{tied[0].rank}名的{len(tied)}人之间（{names}），{TIES}"


def ties_told(selection: SelectionRound) -> str:
    """Between which places a list would end within a tie; "" where nobody shares a rank."""
    told, at = [], 0
    for _, group in groupby(in_order(selection), key=lambda one: one.rank):
        names = [one.name for one in group]
        if len(names) > 1:
            told.append(f"第{at + 1}至{at + len(names)}名（{'、'.join(names)}）")
        at += len(names)
    more = "等" if len(told) > MOST_TIES else ""
    return f"名次并列的有{'，'.join(told[:MOST_TIES])}{more}；{TIES}" if told else ""


def tie_at(order: Sequence[Ranked], places: int) -> list[Ranked]:
    """Those of equal rank among whom the last of the places falls; nobody where it falls between ranks."""
    if not 0 < places < len(order) or order[places - 1].rank != order[places].rank:
        return []
    return [one for one in order if one.rank == order[places].rank]


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
    the place up to the reserve. Once the list has named, neither it nor the panel can be put right any
    more: then the place goes to the next of the reserve with whom the shares that are to be kept are
    kept, and to nobody where there is none.
    """
    standing, free = standing_on(notice, entries), notice.places - notice.named_count
    if notice.state != notice.State.CONCLUDED or len(standing) == 0:
        return standing[:free]
    own = [one for one in standing if not one.is_reserve][:free]
    reserve = [one for one in standing if one.is_reserve]
    return own + _moving_up(notice, own, reserve, free - len(own))


def passed_over(
    notice: PublicNotice, entries: Sequence[NoticeEntry]
) -> tuple[list[NoticeEntry], int]:
    """Of a list that has named: whom of the reserve the shares keep from moving up now; places nobody fills."""
    if notice.state != notice.State.CONCLUDED:
        return [], 0
    free = notice.places - notice.named_count
    chosen = in_their_places(notice, entries)
    left, last = free - len(chosen), max((one.position for one in chosen), default=0)
    waiting = [
        one for one in standing_on(notice, entries) if one.is_reserve and one not in chosen and free
    ]
    return [one for one in waiting if left or one.position < last], left


def standing_on(notice: PublicNotice, entries: Sequence[NoticeEntry]) -> list[NoticeEntry]:
    """Who of a list may still be named by it: confirmed, not named yet, no objection upheld."""
    upheld, named = set(objected(notice.round)), named_of(entries)
    return [
        entry
        for entry in entries
        if entry.nomination_id not in upheld | named
        and entry.nomination.state == Nomination.State.CHECKED
    ]


def _moving_up(
    notice: PublicNotice, own: Sequence[NoticeEntry], reserve: Sequence[NoticeEntry], free: int
) -> list[NoticeEntry]:
    """The first of the reserve who make no share that is to be kept worse, one after the other."""
    asked = Composition.of(notice.round).to_be_kept
    if not asked.asked or free <= 0 or not reserve:
        return list(reserve[: max(free, 0)])
    named = Honour.objects.filter(nomination__round=notice.round).values_list("nomination")
    there = Q(pk__in=named) | Q(pk__in=[one.nomination_id for one in (*own, *reserve)])
    rows = asked.told(Nomination.objects.filter(there)).in_bulk()
    waiting = {one.nomination_id for one in reserve}
    going = [row for pk, row in rows.items() if pk not in waiting]
    up: list[NoticeEntry] = []
    while len(up) < free:
        lacking = asked.lacking(going)
        fits = (
            one
            for one in reserve
            if one not in up
            and all(
                after <= before
                for before, after in zip(
                    lacking, asked.lacking([*going, rows[one.nomination_id]]), strict=True
                )
            )
        )
        if (coming := next(fits, None)) is None:
            break
        up.append(coming)
        going.append(rows[coming.nomination_id])
    return sorted(up, key=lambda one: one.position)


def names_later(notice: PublicNotice) -> bool:
    """Whether a list that named already has somebody who was held back then and is not any more."""
    if notice.state != notice.State.CONCLUDED or notice.named_count >= notice.places:
        return False
    entries = notice.entries.select_related("nomination").order_by("position")
    return bool(to_be_named(notice, list(entries)))
