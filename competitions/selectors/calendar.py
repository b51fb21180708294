"""What everybody may read: which contests there are and when, and boards as they were published."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Prefetch

from competitions.models import Board, Competition, Item
from competitions.models.competitions import NO_CHAIN
from competitions.rules.editions import appeals_until
from competitions.selectors.board import differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from django.core.paginator import Page
    from django.db.models import QuerySet

    from competitions.models import BoardLine
    from competitions.selectors.board import Difference

#: How long lines of a board are kept (an edition never changes); contests and lines on a page.
KEPT_SECONDS, CONTESTS_A_PAGE, LINES_A_PAGE = 24 * 3600, 50, 100
SHORTLY_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board as the public reads it: no number of a person, no day of birth."""

    rank: int
    name: str
    employer: str
    total: str
    medal: str
    modules: tuple[str, ...] = ()


def announced(number: str | None, chain: str = "") -> Page:
    """A page of the contests that were announced, the latest first, each with its items (``has_board``).

    ``chain`` asks for those along one chain; ``NO_CHAIN`` for those along none.
    """
    items = Item.published().annotate(has_board=Exists(Board.objects.filter(item=OuterRef("pk"))))
    rows = Competition.published().select_related("organizer")
    if chain:
        rows = rows.filter(chain="" if chain == NO_CHAIN else chain)
    rows = rows.order_by(F("starts_on").desc(nulls_last=True), "-pk").prefetch_related(
        Prefetch("items", queryset=items.order_by("starts_on", "code"))
    )
    return Paginator(rows, CONTESTS_A_PAGE).get_page(number)


def public_boards() -> QuerySet[Board]:
    """The boards of announced contests."""
    return Board.published().select_related(
        "item__competition__organizer", "item__competition__edition", "scheme"
    )


def board_for_all(code: str, number: int | None = None) -> Any:
    """That edition of an item's board, or the newest; with ``latest`` and ``is_contested``."""
    rows = Board.with_standing(public_boards()).filter(item__code=code)
    return (rows.filter(number=number) if number else rows).order_by("-number").first()


def appealed_until(board: Board) -> date | None:
    """The last day of appeal; read anew every few minutes, for the calendar of working days may be amended."""
    key = f"{_key(board)}:until"
    told = cache.get_or_set(key, lambda: [appeals_until(board)], SHORTLY_SECONDS)
    return told[0] if told else appeals_until(board)


def changed_by(board: Board) -> list[Difference]:
    """Whom an edition puts otherwise than the one before; neither changes once it is published."""
    if board.number == 1:
        return []
    key = f"{_key(board)}:changed"
    changed: list[Difference] | None = cache.get_or_set(key, lambda: _changed(board), KEPT_SECONDS)
    return changed or []


def _changed(board: Board) -> list[Difference]:
    before = Board.published().get(item=board.item, number=board.number - 1)
    return differences(before, board)


def marked_by(board: Board) -> tuple[str, list[str]]:
    """How a board ranks equal totals, and its modules; neither changes once it is published."""
    told = cache.get_or_set(f"{_key(board)}:manner", lambda: _manner(board), KEPT_SECONDS)
    return told or _manner(board)


def _manner(board: Board) -> tuple[str, list[str]]:
    return board.scheme.tie_words, board.scheme.modules


def _key(board: Board) -> str:
    """Under which a frozen edition is kept: another edition, or other lines, are kept under another."""
    return f"contest-board:{board.pk}:{board.digest}"


def lines_for_all(board: Board, number: str | None) -> Page:
    """A page of the lines of a board; each is read from the database once a day at most.

    A page ends where a team ends: every member has a line, and teams are complete.
    """
    key = _key(board)
    total = cache.get_or_set(f"{key}:lines", board.lines.count, KEPT_SECONDS)
    page: Page[Any] = Paginator(range(total or 0), LINES_A_PAGE * board.item.team_size).get_page(
        number
    )
    part = slice(max(page.start_index() - 1, 0), page.end_index())
    kept: list[Line] | None = cache.get_or_set(
        f"{key}:{page.number}", lambda: _lines(board, part), KEPT_SECONDS
    )
    page.object_list = kept or []
    return page


def _lines(board: Board, part: slice) -> list[Line]:
    rows = board.lines.order_by("rank", "number", "pk")[part]
    return [
        Line(
            results[0].rank,
            _named(results),
            results[0].employer,
            f"{results[0].total:.2f}",
            str(results[0].get_medal_display()),
            tuple(f"{points:.2f}" for points in results[0].modules),
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
