"""What a contest says of a trade of a selection round: who began where, who is placed, who is a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from competitions.models import BoardLine, Entry, Trial
from competitions.selectors.board import newest_board
from talents.models import Nomination
from talents.rules.ranking import Ranked

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competitions.models import Item
    from organizations.models import User
    from talents.models import SelectionRound

FIRST_PLACES, ZERO = 3, Decimal(0)


def trials_in_scope(user: User) -> QuerySet[Trial]:
    return Trial.objects.visible_to(user).select_related("round__organizer", "item__competition")


@dataclass(frozen=True, slots=True)
class Finalist:
    """One of the first of a final, and the nomination by which he can be named; None: not yet."""

    line: BoardLine
    nomination: Nomination | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the trade of a round stands in its contest."""

    trial: Trial
    seeds: int
    challengers: int
    finalists: list[Finalist]


def standing_of(item: Item, user: User) -> Standing | None:
    """For the page of the item; None where it decides no trade."""
    trial = trials_in_scope(user).filter(item=item).first()
    if trial is None:
        return None
    entered = item.entries.filter(state=Entry.State.ENTERED)
    seeds = entered.filter(is_seed=True).count()
    board = newest_board(item)
    lines = (
        board.lines.select_related("entry__person", "entry__unit")[:FIRST_PLACES] if board else []
    )
    filed = {n.person_id: n for n in Nomination.objects.filter(round=trial.round_id)}
    finalists = [Finalist(line, filed.get(line.entry.person_id)) for line in lines]
    return Standing(trial, seeds, entered.count() - seeds, finalists)


def seeds_of(trial: Trial) -> QuerySet[Nomination]:
    """The confirmed candidates of the trade, who begin in the final."""
    rows = Nomination.objects.filter(round=trial.round_id, occupation=trial.trade)
    return rows.filter(state=Nomination.State.CHECKED).select_related("person", "unit")


def placed_candidates(selection: SelectionRound) -> list[Ranked]:
    """Candidates of a round by their places in the contests that decide their trades."""
    trials = Trial.objects.filter(round=selection, item__state="published")
    boards = [board for trial in trials if (board := newest_board(trial.item))]
    filed = Nomination.objects.filter(round=selection).values_list("person", "pk", "row_number")
    known = {person: (pk, row) for person, pk, row in filed}
    lines = BoardLine.objects.filter(board__in=boards, entry__person__in=known)
    return [
        Ranked(*known[person], name, 0, total, rank, ZERO, rank)
        for person, name, total, rank in lines.values_list("entry__person", "name", "total", "rank")
    ]
