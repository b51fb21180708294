"""What everybody may read: which contests there are and when, and boards as they were published."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import F, Prefetch, Q

from competitions.models import Board, Competition, Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from competitions.models import BoardLine
    from organizations.models import User

#: Contests on the calendar, and how long lines of a board are kept: an edition never changes.
MOST_SHOWN, KEPT_SECONDS = 200, 24 * 3600


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board as the public reads it: no number of a person, no day of birth."""

    rank: int
    name: str
    employer: str
    total: str
    medal: str


def announced() -> list[Competition]:
    """Contests that were announced, the latest first, each with its items."""
    rows = Competition.published().select_related("organizer")
    return list(
        rows.order_by(F("starts_on").desc(nulls_last=True), "-pk").prefetch_related(
            Prefetch("items", queryset=Item.published().order_by("starts_on", "code"))
        )[:MOST_SHOWN]
    )


def public_boards() -> QuerySet[Board]:
    """The boards of announced contests."""
    return Board.published().select_related("item__competition__organizer")


def board_for_all(code: str) -> Board | None:
    """The newest edition of an item's board."""
    return public_boards().filter(item__code=code).order_by("-number").first()


def lines_for_all(board: Board) -> list[Line]:
    """The lines of a board; read from the database once a day at most."""
    key = f"contest-board:{board.pk}:{board.digest}"
    kept: list[Line] | None = cache.get(key)
    if kept is None:
        kept = _lines(board)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _lines(board: Board) -> list[Line]:
    rows = board.lines.order_by("rank", "number", "pk")
    return [
        Line(
            results[0].rank,
            _named(results),
            results[0].employer,
            f"{results[0].total:.2f}",
            str(results[0].get_medal_display()),
        )
        for results in _by_result(rows)
    ]


def _by_result(rows: Iterable[BoardLine]) -> Iterator[list[BoardLine]]:
    """The lines of each result: one person's, or those of a team's members."""
    found = groupby(rows, key=lambda row: (row.rank, (row.team and row.number) or row.pk))
    return (list(lines) for _, lines in found)


def _named(lines: Sequence[BoardLine]) -> str:
    names = "、".join(line.name for line in lines)
    return f"{lines[0].team}（{names}）" if lines[0].team else names


def clashes(item: Item, user: User) -> list[Item]:
    """Other items within reach that are at the same venue on one of its days."""
    if not item.venue or item.starts_on is None:
        return []
    last: date = item.ends_on or item.starts_on
    ends_later = Q(ends_on__gte=item.starts_on) | Q(
        ends_on__isnull=True, starts_on__gte=item.starts_on
    )
    rows = Item.objects.visible_to(user).filter(ends_later, venue=item.venue, starts_on__lte=last)
    return list(rows.exclude(pk=item.pk).select_related("competition")[:MOST_SHOWN])
