"""The places of a year on one board: organizations by tiers, and what is left of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from pages.tables.paging import capped_count_of
from talents.models import QuotaAllocation
from talents.rules.places import nominations_below
from talents.selectors.rounds import rounds_in_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import Organization, User
    from talents.models import SelectionRound


@dataclass(frozen=True, slots=True)
class Cell:
    """Places of one body in one round, and how many are put forward below it."""

    places: int
    used: int

    @property
    def left(self) -> int:
        return self.places - self.used

    @property
    def over(self) -> int:
        return -self.left

    @property
    def tone(self) -> str:
        return "bad" if self.left < 0 else "warn" if self.left == 0 else "good"


@dataclass(frozen=True, slots=True)
class Line:
    """One body: a cell for each round of the board, None where it has no places there."""

    organization: Organization
    cells_by_round: Sequence[tuple[SelectionRound, Cell | None]]


@dataclass(frozen=True, slots=True)
class Board:
    """Bodies in the order of their codes by rounds in the order of their calls."""

    year: int
    years: Sequence[int]
    rounds: Sequence[SelectionRound]
    lines: Sequence[Line]


def board_of(user: User, year: int | None) -> Board | None:
    """The board of a year, the newest where none is named; None where there are no rounds yet.

    Three questions, however many rounds and bodies there are.
    """
    rounds = rounds_in_scope(user)
    years = sorted(set(rounds.order_by().values_list("year", flat=True)), reverse=True)
    if not years:
        return None
    chosen = year if year in years else years[0]
    given = QuotaAllocation.objects.visible_to(user).filter(round=OuterRef("pk"))
    shown = list(rounds.filter(Exists(given), year=chosen).order_by("pk"))
    rows = (
        QuotaAllocation.objects.visible_to(user)
        .filter(round__in=[one.pk for one in shown])
        .select_related("organization")
        .annotate(used=capped_count_of(nominations_below()))
        .order_by("organization__code")
    )
    bodies: dict[int, Organization] = {}
    cells: dict[tuple[int, int], Cell] = {}
    for row in rows:
        bodies[row.organization_id] = row.organization
        cells[row.organization_id, row.round_id] = Cell(row.places, row.used)
    lines = [
        Line(body, [(one, cells.get((pk, one.pk))) for one in shown]) for pk, body in bodies.items()
    ]
    return Board(chosen, years, shown, lines)
