"""The order of merit of a round: who may go up on its list, and after whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import Nomination, NoticeEntry, Objection
from talents.rules.ranking import placed, ranking

if TYPE_CHECKING:
    from talents.models import SelectionRound
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


def held_back(selection: SelectionRound) -> set[int]:
    """Whom an objection stands in the way of, whatever version of the list it was made to."""
    rows = Objection.standing().filter(entry__notice__round=selection)
    return set(rows.values_list("entry__nomination", flat=True))
