"""Whether published results may be built upon: nothing is open against them, nobody may appeal any more.

Each answers for many items at once, by item; of those not in the answer nothing speaks against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models import Appeal, Entry, Item
from competitions.rules.editions import appeals_until
from competitions.rules.stages import may_yet_come_back, to_come_back
from competitions.selectors.board import newest_boards_of
from policies.wording import chinese_day
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet

    from competitions.models import Board

Refusals = dict[int, DomainError]


def undecided(items: Collection[Item], to_do: str) -> Refusals:
    """An appeal waits for its decision."""
    filed = _items_of(Appeal.objects.filter(item__in=items, state=Appeal.State.FILED))
    return {
        item.pk: DomainError("appeals-open", f"“{item}”还有申诉待仲裁，作出仲裁之后才能{to_do}")
        for item in items
        if item.pk in filed
    }


def appealed(items: Collection[Item], to_do: str) -> Refusals:
    """An appeal waits, or what follows from it: the board is wrong as it stands."""
    upheld = _items_of(Appeal.to_carry_out().filter(item__in=items))
    told = _without_who_may_come_back(items, to_do) | without_somebody(items, to_do)
    for item in items:
        if item.pk in upheld:
            message = f"“{item}”有申诉成立，按仲裁重评或恢复成绩、重新公布之后才能{to_do}"
            told[item.pk] = DomainError("board-to-be-mended", message)
    return told | undecided(items, to_do)


def without_somebody(items: Collection[Item], to_do: str) -> Refusals:
    """Somebody has his result in the stage before back, and neither takes part nor is decided to stay out."""
    later = [item for item in items if item.follows_id is not None]
    if not later:
        return {}
    gone = Entry.objects.filter(item__in=later, state__in=Entry.OUT)
    out = set(gone.values_list("item", flat=True))
    told = {}
    for item in later:
        if item.pk not in out or not (back := to_come_back(item)):
            continue
        names = "、".join(one.person.name for one in back)
        message = (
            f"{names}在上一赛段的成绩已恢复，在“{item}”仍列退赛、取消成绩，"
            f"请在其参赛页面恢复成绩（没有分数的先重评、补齐），或写明事由决定不再恢复，之后才能{to_do}"
        )
        told[item.pk] = DomainError("board-to-be-mended", message)
    return told


def in_question(items: Collection[Item], to_do: str) -> Refusals:
    """The results are appealed against, to be mended, or asked to be taken away."""
    asked = Entry.whose_result_is_in_question().filter(item__in=items).order_by("pk")
    names = {item.pk: item for item in items}
    told: Refusals = {}
    for one in asked.select_related("person"):
        message = (
            f"“{names[one.item_id]}”{one.person.name}的成绩待决定是否取消，名次可能变动，"
            f"作出决定之后才能{to_do}"
        )
        told.setdefault(one.item_id, DomainError("result-in-question", message))
    return told | appealed(items, to_do)


def not_final(
    items: Collection[Item], to_do: str, *, boards: dict[int, Board] | None = None
) -> Refusals:
    """The results are in question, or may still be appealed against; ``boards``: the newest, by item."""
    newest = newest_boards_of(items) if boards is None else boards
    today, last_days = timezone.localdate(), _last_days(newest.values())
    told = {}
    for item in items:
        until = last_days[newest[item.pk].pk] if item.pk in newest else None
        if until is not None and today <= until:
            message = f"“{item}”的申诉期到{chinese_day(until)}为止，期满以后才能{to_do}"
            told[item.pk] = DomainError("appeals-not-over", message)
    return told | in_question(items, to_do)


def unsettled(
    items: Collection[Item], to_do: str, *, boards: dict[int, Board] | None = None
) -> Refusals:
    """The results are not final, or not published now: marks are given, maybe anew."""
    newest = newest_boards_of(items) if boards is None else boards
    told = not_final(items, to_do, boards=newest)
    for item in items:
        if item.state != Item.State.PUBLISHED:
            doing = "正在重评，重新公布" if item.pk in newest else "还没有公布成绩，公布"
            message = f"“{item}”{doing}成绩之后才能{to_do}"
            told[item.pk] = DomainError("board-not-published", message)
    return told


def _without_who_may_come_back(items: Collection[Item], to_do: str) -> Refusals:
    """An appeal waits in the stage before, by which somebody may have his place here again."""
    told = {}
    for item in items:
        if item.follows_id is None or not (out := may_yet_come_back(item)):
            continue
        names = "、".join(one.person.name for one in out)
        message = (
            f"{names}对“{item.follows}”取消成绩、退赛的申诉尚未办结，成立的还要恢复其在“{item}”的参赛，"
            f"办结之后才能{to_do}"
        )
        told[item.pk] = DomainError("appeals-open", message)
    return told


def _items_of(appeals: QuerySet[Appeal]) -> set[int]:
    return set(appeals.values_list("item", flat=True))


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
