"""Who begins in the final of a contest that decides a trade, and how its places rank candidates."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from competitions.models import BoardLine, Item, Trial
from competitions.permissions import until_settled
from competitions.selectors.board import newest_board
from talents.models import Nomination
from talents.rules.contests import Contest
from talents.rules.ranking import Ranked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from competitions.models import Board
    from talents.models import SelectionRound

ZERO = Decimal(0)


def contest_of(trial: Trial) -> Contest:
    """What the round is told: the trade, called as in the trial or as published items of the same code are."""
    item = trial.item
    return Contest(
        trial.trade,
        frozenset({trial.trade, *Item.trades_called(item)}),
        f"{item.competition}{item.name}",
        reverse("competitions:item", args=[item.code]),
        waits_for(item),
        item.occupation_code,
    )


def waits_for(item: Item) -> str:
    """Why nobody is chosen by the places of ``item`` yet; "" where they stand."""
    if item.state != Item.State.PUBLISHED:
        return f"“{item}”的成绩还没有公布"
    refusal = until_settled(item, "据以上会、拟定名单")
    return refusal.message if refusal else ""


def contests_told(selection: SelectionRound) -> list[Contest]:
    """The trades of a round that contests decide."""
    rows = Trial.objects.filter(round=selection).select_related("item__competition")
    return [contest_of(trial) for trial in rows.order_by("trade")]


def candidates_of(trial: Trial) -> QuerySet[Nomination]:
    """Those of the round who are of the trade."""
    told, rows = contest_of(trial), Nomination.objects.filter(round=trial.round_id)
    filed = rows.values_list("pk", "occupation", "occupation_code")
    own = [pk for pk, called, code in filed if told.has(called, code)]
    return rows.filter(pk__in=own)


def seeds_of(trial: Trial) -> QuerySet[Nomination]:
    """The confirmed candidates of the trade, who begin in the final."""
    chosen = candidates_of(trial).filter(state=Nomination.State.CHECKED)
    return chosen.select_related("person", "unit")


def placed_candidates(selection: SelectionRound) -> list[Ranked]:
    """Candidates of a round by their places in the contest that decides their own trade, in no other.

    Places that may still change place nobody. The candidates are read once, for all trades.
    """
    trials = Trial.objects.filter(round=selection, item__state=Item.State.PUBLISHED)
    rows = Nomination.objects.filter(round=selection)
    filed = rows.values_list("person", "pk", "row_number", "occupation", "occupation_code")
    told = [(trial, contest_of(trial)) for trial in trials.select_related("item__competition")]
    return [
        one
        for trial, contest in told
        if contest.is_over and (board := newest_board(trial.item))
        for one in _placed(filed, contest, board)
    ]


def _placed(
    filed: Iterable[tuple[int, int, int | None, str, str]], contest: Contest, board: Board
) -> list[Ranked]:
    known = {
        person: (pk, row) for person, pk, row, called, code in filed if contest.has(called, code)
    }
    lines = BoardLine.objects.filter(board=board, entry__person__in=known)
    return [
        Ranked(*known[person], name, 0, total, rank, ZERO, rank)
        for person, name, total, rank in lines.values_list("entry__person", "name", "total", "rank")
    ]
