"""Whether places on published boards may be built upon now: money is claimed and paid by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from competitions.models import Appeal, BoardLine, Entry, Item
from competitions.rules.editions import appeals_until
from competitions.selectors.board import newest_boards_of
from competitions.selectors.eligibility import owing_among
from policies.wording import chinese_day
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from competitions.models import Board


class Stand(NamedTuple):
    """What the newest board says of the entrant of a line, and why not to build on it; ``goes_on``: a later stage
    is held.
    """

    line: BoardLine
    refusal: DomainError | None
    goes_on: bool = False


class _Known(NamedTuple):
    """What is asked once for all lines."""

    boards: dict[int, Board]
    lines: dict[int, BoardLine]
    appealed: set[int]
    to_mend: set[int]
    asked_away: set[int]
    owing: dict[int, list[str]]
    goes_on: set[int | None]
    #: The last day of appealing by board, worked out once for those published alike.
    until: dict[int, date | None]


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
    asked = Entry.whose_result_is_in_question().filter(item__in=items)
    known = _Known(
        boards,
        {one.entry_id: one for one in newest},
        set(Appeal.objects.filter(item__in=items, state=Appeal.State.FILED).values_list("item", flat=True)),
        set(Appeal.to_carry_out().filter(item__in=items).values_list("item", flat=True)),
        set(asked.values_list("item", flat=True)),
        owing_among(entries.values(), for_rise=False),
        set(Item.objects.filter(follows__in=items).values_list("follows", flat=True)),
        _last_days(boards.values()),
    )  # fmt: skip
    return {line.pk: _stand(line, known) for line in lines}


def _last_days(boards: Collection[Board]) -> dict[int, date | None]:
    alike: dict[tuple[object, ...], date | None] = {}
    told = {}
    for board in boards:
        contest, day = board.item.competition, timezone.localdate(board.published_at)
        key = (contest.edition_id, contest.year, contest.starts_on, day)
        if key not in alike:
            alike[key] = appeals_until(board)
        told[board.pk] = alike[key]
    return told


def _stand(line: BoardLine, known: _Known) -> Stand:
    item, name = line.board.item, line.entry.person.name
    board = known.boards.get(item.pk, line.board)
    now = known.lines.get(line.entry_id)
    refusal = _in_question(item, board, known)
    if refusal is None and (now is None or line.entry.state != Entry.State.ENTERED):
        message = f"{name}已不在“{item}”第{board.number}版成绩榜上，不能据以申领、发放"
        refusal = DomainError("place-not-standing", message)
    if refusal is None and (owed := known.owing.get(line.entry_id)):
        message = f"{name}的参赛资格尚未认定（{'、'.join(owed)}），认定之后才能据以申领、发放"
        refusal = DomainError("proof-owed", message)
    if now is not None:
        now.board, now.entry = board, line.entry
    return Stand(now or line, refusal, item.pk in known.goes_on)


def _in_question(item: Item, board: Board, known: _Known) -> DomainError | None:
    """As ``until_settled`` says of one item."""
    then = "才能据以申领、发放"
    if item.state != Item.State.PUBLISHED:
        return DomainError("board-not-published", f"“{item}”正在重评，重新公布成绩之后{then}")
    if item.pk in known.appealed:
        return DomainError("appeals-open", f"“{item}”还有申诉待仲裁，作出仲裁之后{then}")
    if item.pk in known.to_mend:
        return DomainError("board-to-be-mended", f"“{item}”有申诉成立，重新公布成绩之后{then}")
    if item.pk in known.asked_away:
        return DomainError(
            "result-in-question", f"“{item}”有成绩待决定是否取消，作出决定之后{then}"
        )
    until = known.until.get(board.pk)
    if until is None or timezone.localdate() > until:
        return None
    return DomainError(
        "appeals-not-over", f"“{item}”的申诉期到{chinese_day(until)}为止，期满以后{then}"
    )
