"""Who begins in the final of a contest that decides a trade, and how its places rank candidates."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from competitions.models import BoardLine, Trial
from competitions.selectors.board import newest_board
from talents.models import Nomination
from talents.rules.ranking import Ranked

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from talents.models import SelectionRound

ZERO = Decimal(0)


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
