"""What an entrant with an account of his own sees of his contests: how he is entered, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from competitions.models import BoardLine, Entry
from competitions.permissions.appeals import may_appeal
from competitions.rules.editions import appeals_until
from competitions.selectors.board import newest_boards_of
from competitions.selectors.eligibility import owing_among
from workflow.queues import Queue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from competitions.models import Appeal, Board
    from organizations.models import User
    from workflow.permissions import Offer

SHOWN = 6


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One entry of one's own, with its line on the newest board, if it has one."""

    entry: Entry
    board: Board | None
    line: BoardLine | None
    until: date | None
    owing: list[str]
    appeals: list[Appeal]
    may_appeal: Offer

    @property
    def owing_words(self) -> str:
        return f"{'、'.join(self.owing)}：请把证明交所在单位或主办单位登记；认定之前不授奖、不提出晋升建议。"

    @property
    def words(self) -> str:
        """第3名 88.20分; how the entry stands where there is no place."""
        if self.line is not None:
            again = "" if self.entry.item.state == "published" else "（正在重评）"
            return f"第{self.line.rank}名 {self.line.total}分{again}"
        if self.entry.state != Entry.State.ENTERED:
            return str(self.entry.get_state_display())
        return "未列入成绩榜" if self.board else "成绩尚未公布"


def own_entries(user: User) -> QuerySet[Entry]:
    """Everything one entered, the latest first."""
    rows = Entry.objects.about(user).select_related(
        "person", "unit", "terms", "item__competition__organizer", "item__competition__edition"
    )
    return rows.prefetch_related("appeals").order_by("-item__competition__year", "-pk")


def own_entry(entry: Entry, user: User) -> OwnEntry:
    """One of them with all that is told of it."""
    return told_of([entry], user)[0]


def told_of(entries: Iterable[Entry], user: User) -> list[OwnEntry]:
    """Each of them with all that is told of it, boards and lines and what is owed asked for all at once."""
    rows = list(entries)
    boards = newest_boards_of(entry.item for entry in rows)
    lines = BoardLine.objects.about(user).filter(board__in=boards.values(), entry__in=rows)
    line_of = {line.entry_id: line for line in lines}
    owed = owing_among(rows)
    told = []
    for entry in rows:
        board = boards.get(entry.item_id)
        is_current = entry.item.state == entry.item.State.PUBLISHED
        until = appeals_until(board) if board and is_current else None
        told.append(
            OwnEntry(
                entry,
                board,
                line_of.get(entry.pk),
                until,
                owed.get(entry.pk, []),
                list(entry.appeals.all()),
                may_appeal.offer(user, entry, until),
            )
        )
    return told


def own_queues(user: User) -> list[Queue]:
    """One's own contests: what waits for proof, what is published and may be appealed against until when."""
    found = []
    today = timezone.localdate()
    for told in told_of(own_entries(user)[:SHOWN], user):
        entry = told.entry
        is_open = told.until is not None and today <= told.until
        proof = f"须补交证明：{'、'.join(told.owing)}" if told.owing else ""
        found.append(
            Queue(
                f"参赛：{entry.item}",
                told.words,
                reverse("competitions:own-entry", args=[entry.pk]),
                "",
                deadline=told.until if is_open else None,
                tone="warn" if proof else "",
                note=proof or ("可以申诉到此日" if is_open else str(entry.item.competition)),
            )
        )
    return found
