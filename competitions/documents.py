"""The book of results of a contest: each published board a sheet of one workbook."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.utils import timezone

from competitions.models import BoardLine
from pages.documents import ExportColumn, write_sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from competitions.models import Board, Competition

OVERVIEW = ("项目编码", "项目", "组别", "版次", "公布时间", "参赛人", "金", "银", "铜", "摘要值")
LINES = ("名次", "姓名", ExportColumn("单位", 36), "参赛号", "成绩", "奖牌")
MEDALS = BoardLine.Medal


def result_book(competition: Competition, boards: Sequence[Board]) -> IO[bytes]:
    """An overview, and a sheet for each item's newest board."""
    rows: dict[int, list[BoardLine]] = {board.pk: [] for board in boards}
    for line in BoardLine.objects.filter(board__in=boards).order_by("rank", "number", "pk"):
        rows[line.board_id].append(line)
    overview = [
        (
            board.item.code,
            board.item.name,
            board.item.get_group_display(),
            board.number,
            timezone.localtime(board.published_at),
            len(rows[board.pk]),
            *(sum(line.medal == medal for line in rows[board.pk]) for medal in MEDALS),
            board.digest,
        )
        for board in boards
    ]
    sheets = [
        (
            f"{board.item.code} {board.item.name}",
            LINES,
            [
                (
                    line.rank,
                    line.name,
                    line.employer,
                    line.number,
                    line.total,
                    line.get_medal_display(),
                )
                for line in rows[board.pk]
            ],
        )
        for board in boards
    ]
    return write_sheets(
        [("成绩总览", OVERVIEW, overview), *sheets], title=f"{competition.name}成绩册"
    )
