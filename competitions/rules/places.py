"""Whether what was published may be built upon now: contests are closed, money is claimed and paid by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from competitions.models import Appeal, BoardLine, Entry, Item
from competitions.rules.editions import appeals_until
from competitions.rules.stages import to_mend
from competitions.selectors.board import newest_boards_of
from competitions.selectors.eligibility import owing_among
from policies.wording import chinese_day
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

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


def unsettled(
    items: Collection[Item], to_do: str, *, boards: dict[int, Board] | None = None
) -> dict[int, DomainError]:
    """Of many items what ``until_settled`` says of one, asked for all at once; also where marks are given."""
    newest = newest_boards_of(items) if boards is None else boards
    last_days = _last_days(newest.values())
    asked = Entry.whose_result_is_in_question().filter(item__in=items)
    in_question = {one.item_id: one.person.name for one in asked.select_related("person")}
    appealed = Appeal.objects.filter(item__in=items, state=Appeal.State.FILED)
    filed = set(appealed.values_list("item", flat=True))
    upheld = set(Appeal.to_carry_out().filter(item__in=items).values_list("item", flat=True))
    without = _without_somebody(items)
    told = {}
    for item in items:
        board = newest.get(item.pk)
        until = last_days[board.pk] if board else None
        if item.state != Item.State.PUBLISHED:
            doing = "正在重评，重新公布" if board else "还没有公布成绩，公布"
            told[item.pk] = DomainError(
                "board-not-published", f"“{item}”{doing}成绩之后才能{to_do}"
            )
        elif item.pk in filed:
            message = f"“{item}”还有申诉待仲裁，作出仲裁之后才能{to_do}"
            told[item.pk] = DomainError("appeals-open", message)
        elif item.pk in upheld:
            message = f"“{item}”有申诉成立，按仲裁重评或恢复成绩、重新公布之后才能{to_do}"
            told[item.pk] = DomainError("board-to-be-mended", message)
        elif item.pk in without:
            message = (
                f"{without[item.pk]}在上一赛段的成绩已恢复，“{item}”重新公布成绩之后才能{to_do}"
            )
            told[item.pk] = DomainError("board-to-be-mended", message)
        elif item.pk in in_question:
            message = f"“{item}”{in_question[item.pk]}的成绩待决定是否取消，作出决定之后才能{to_do}"
            told[item.pk] = DomainError("result-in-question", message)
        elif until is not None and timezone.localdate() <= until:
            message = f"“{item}”的申诉期到{chinese_day(until)}为止，期满以后才能{to_do}"
            told[item.pk] = DomainError("appeals-not-over", message)
    return told


def _without_somebody(items: Collection[Item]) -> dict[int, str]:
    """By item whose board is wrong without somebody who has his result in the stage before back: who it is."""
    out = Entry.objects.filter(item__in=items, item__follows__isnull=False, state__in=Entry.OUT)
    asked = set(out.values_list("item", flat=True))
    found = {item.pk: to_mend(item) for item in items if item.pk in asked}
    return {pk: "、".join(one.person.name for one in back) for pk, back in found.items() if back}


def _last_days(boards: Collection[Board]) -> dict[int, date | None]:
    """The last day of appealing by board, worked out once for those published alike."""
    alike: dict[tuple[object, ...], date | None] = {}
    told = {}
    for board in boards:
        contest, day = board.item.competition, timezone.localdate(board.published_at)
        key = (contest.edition_id, contest.year, contest.starts_on, day)
        if key not in alike:
            alike[key] = appeals_until(board)
        told[board.pk] = alike[key]
    return told
