"""Boards as they are published: an edition is frozen, and says what differs from the one before."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models import Board, BoardLine, Entry
from competitions.selectors.board import board_of, current_scheme
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from competitions.models import Item
    from organizations.models import User

MEDALS = {1: BoardLine.Medal.GOLD, 2: BoardLine.Medal.SILVER, 3: BoardLine.Medal.BRONZE}


def freeze(
    item: Item,
    *,
    reason: str,
    actor: User,
    at: datetime | None = None,
    may_be_empty: bool = False,
) -> Board:
    """Keep the board as it stands now as its next edition; nobody on it only where that is what is decided."""
    scheme, places = current_scheme(item), board_of(item)
    if scheme is None or not (places or may_be_empty):
        raise DomainError("empty-board", "还没有一名参赛人的分数齐全，不能公布")
    entries = Entry.objects.in_bulk([place.entry_id for place in places])
    is_last_stage = item.stage != item.Stage.PRELIMINARY and not item.later_stages.exists()
    newest = Board.objects.filter(item=item).order_by("-number").first()
    lines = [
        BoardLine(
            entry_id=place.entry_id,
            rank=place.rank,
            total=place.total,
            medal=MEDALS.get(place.rank, "") if is_last_stage else "",
            number=place.number,
            name=place.name,
            employer=entries[place.entry_id].employer,
            team=place.team if item.team_size > 1 else "",
            modules=place.modules,
        )
        for place in places
    ]
    board = Board.objects.create(
        item=item,
        number=newest.number + 1 if newest else 1,
        scheme=scheme,
        reason=reason,
        digest=digest_of(lines),
        published_at=at or timezone.now(),
        published_by=actor,
    )
    for line in lines:
        line.board = board
    BoardLine.objects.bulk_create(lines, batch_size=1000)
    return board


def digest_of(lines: Iterable[BoardLine]) -> str:
    """SHA-256 over rank, number, name, unit, total and points by module (if there are modules), a line
    for each, in the order of the board.
    """
    told = "".join("\t".join(_told(line)) + "\n" for line in lines)
    return hashlib.sha256(told.encode()).hexdigest()


def _told(line: BoardLine) -> list[str]:
    points = [f"{one:.2f}" for one in (line.total, *line.modules)]
    return [str(line.rank), line.number, line.name, line.employer, *points]
