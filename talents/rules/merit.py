"""The order of merit of a round: who may go up on its list, and after whom."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from talents.models import Nomination, NoticeEntry, PanelDecision
from talents.rules.contests import contested
from talents.rules.endorsing import objected_by_office
from talents.rules.ranking import TIES, among_themselves, placed, ranking

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from talents.models import Panel, SelectionRound
    from talents.rules.ranking import Ranked


#: So many ties are told one by one.
MOST_TIES = 5
REJECT = PanelDecision.Decision.REJECT


def in_order(selection: SelectionRound) -> list[Ranked]:
    """Who may go up, in the declared order (``TIES``): whose trade a contest decides by its places alone.

    Nobody whose objection was upheld, or to whom an office objects.
    """
    confirmed = set(
        Nomination.objects.filter(round=selection, state=Nomination.State.CHECKED)
        .exclude(pk__in=[*objected(selection), *objected_by_office(selection)])
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


def moved_since(panel: Panel) -> list[str]:
    """Of whom on its table a contest decides and says otherwise by now than when the table was laid."""
    now, of_contests = placed(panel.round), contested(panel.round)
    rows = panel.decisions.filter(nomination__in=of_contests).order_by("position")
    return [
        row.nomination.person.name
        for row in rows.select_related("nomination__person")
        if (
            now[row.nomination_id].rank != row.rank
            if row.nomination_id in now
            else row.decision != REJECT
        )
    ]


def out_of_place(
    selection: SelectionRound, listed: Sequence[int], still: Collection[int]
) -> list[str]:
    """Of whom on a list (by rank) a contest decides and has a place no more, or another in turn by now.

    Of those off their place only ``still`` is asked, who are to be put up or named. Nor may somebody
    who is left off the list stand before the last of them.
    """
    now, of_contests = {one.nomination: one for one in in_order(selection)}, contested(selection)
    found: list[int] = []
    for contest in set(of_contests.values()):
        own = [pk for pk in listed if of_contests.get(pk) == contest]
        ranks = [now[pk].rank for pk in own if pk in now]
        others = [
            now[pk].rank
            for pk, one in of_contests.items()
            if one == contest and pk in now and pk not in own
        ]
        gone = [pk for pk in own if pk in still and pk not in now]
        if gone or ranks != sorted(ranks) or any(rank < ranks[-1] for rank in others if ranks):
            found += gone or own
    names = dict(Nomination.objects.filter(pk__in=found).values_list("pk", "person__name"))
    return [names[pk] for pk in listed if pk in names]


def objected(selection: SelectionRound) -> list[int]:
    upheld = NoticeEntry.objects.filter(notice__round=selection, objections__state="upheld")
    return list(upheld.values_list("nomination", flat=True))
