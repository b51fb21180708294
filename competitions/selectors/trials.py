"""What a contest says of a trade of a selection round: who began where, who is placed, who is a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from competitions.models import BoardLine, Entry, Trial
from competitions.rules.trials import waits_for
from competitions.selectors.board import newest_board
from talents.models import Nomination

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competitions.models import Item
    from organizations.models import User

FIRST_PLACES = 3


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
    #: Why no list is drawn up by these places yet; "" where one may be.
    waits: str


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
    filed = {
        n.person_id: n for n in Nomination.objects.visible_to(user).filter(round=trial.round_id)
    }
    finalists = [Finalist(line, filed.get(line.entry.person_id)) for line in lines]
    waits = waits_for(item) if board else ""
    return Standing(trial, seeds, entered.count() - seeds, finalists, waits)
