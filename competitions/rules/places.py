"""How entrants stand by places that were published: what is claimed and paid by them asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from competitions.models import BoardLine, Entry, Item
from competitions.rules.settled import unsettled
from competitions.selectors.board import newest_boards_of
from competitions.selectors.eligibility import owing_among
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from competitions.models import Board

CLAIMED = "据以申领、发放"
#: Beside a place, in a few words, why it may still change or is none any more.
DOUBTS = {
    "appeals-not-over": "申诉期内",
    "appeals-open": "申诉待仲裁",
    "board-not-published": "正在重评",
    "board-to-be-mended": "申诉成立，待重新公布",
    "place-not-standing": "已不在最新一版成绩榜",
    "proof-owed": "参赛资格待认定",
    "result-in-question": "有成绩待决定是否取消",
}


class Stand(NamedTuple):
    """What the newest board says of the entrant of a line, and why not to build on it; ``goes_on``: a later stage
    is held.
    """

    line: BoardLine
    refusal: DomainError | None
    goes_on: bool = False


def stands_of(lines: Collection[BoardLine]) -> dict[int, Stand]:
    """By line how its entrant stands by now, asked for all lines at once.

    Each with ``entry`` and the contest of ``board.item`` at hand.
    """
    if not lines:
        return {}
    items = {line.board.item_id: line.board.item for line in lines}
    boards = newest_boards_of(items.values())
    entries = {line.entry_id: line.entry for line in lines}
    for line in lines:
        line.entry.item = items[line.board.item_id]
    newest = BoardLine.objects.filter(board__in=boards.values(), entry__in=entries)
    now = {one.entry_id: one for one in newest}
    asked = unsettled(items.values(), CLAIMED, boards=boards)
    owing = owing_among(entries.values(), for_rise=False)
    goes_on = set(Item.objects.filter(follows__in=items).values_list("follows", flat=True))
    told = {}
    for line in lines:
        item, own = line.board.item, now.get(line.entry_id)
        board = boards.get(item.pk, line.board)
        refusal = asked.get(item.pk) or _of_entrant(line, own, board, owing)
        if own is not None:
            own.board, own.entry = board, line.entry
        told[line.pk] = Stand(own or line, refusal, item.pk in goes_on)
    return told


def doubt_of(refusal: DomainError | None) -> str:
    """In a few words; "" where nothing speaks against a place."""
    return DOUBTS.get(refusal.code, refusal.message) if refusal else ""


def _of_entrant(
    line: BoardLine, own: BoardLine | None, board: Board, owing: dict[int, list[str]]
) -> DomainError | None:
    name, item = line.entry.person.name, line.board.item
    if own is None or line.entry.state != Entry.State.ENTERED:
        message = f"{name}已不在“{item}”第{board.number}版成绩榜上，不能{CLAIMED}"
        return DomainError("place-not-standing", message)
    if owed := owing.get(line.entry_id):
        message = f"{name}的参赛资格尚未认定（{'、'.join(owed)}），认定之后才能{CLAIMED}"
        return DomainError("proof-owed", message)
    return None
