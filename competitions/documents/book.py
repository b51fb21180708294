"""The book of results of a contest on paper: an overview, each published board, the awards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models import BoardLine
from competitions.rules.scale import scale_of
from competitions.selectors.awards import standing
from pages.documents.paper import Figure, Grid, Paper
from policies.wording import chinese_day
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from competitions.models import Award, Board, Competition
    from competitions.rules.scale import Scale

OVERVIEW = (
    "项目编码",
    "项目",
    "组别",
    "版次",
    "公布日期",
    "参赛人",
    "金",
    "银",
    "铜",
    "总分相同时",
    "摘要值",
)
LINES = ("名次", "姓名", "单位", "参赛号", "成绩", "标准分", "奖牌")
AWARDS = ("奖项", "获奖者", "单位", "项目", "证书编号")
MEDALS = BoardLine.Medal
NOTHING = "—"


def result_book(competition: Competition, boards: Sequence[Board]) -> Paper:
    """The newest board of each item, told apart from others by its digest, and what was given by it."""
    lines: dict[int, list[BoardLine]] = {board.pk: [] for board in boards}
    rows = BoardLine.objects.filter(board__in=boards).select_related("entry")
    for line in rows.order_by("rank", "number", "pk"):
        lines[line.board_id].append(line)
    scales = {board.pk: scale_of(board) for board in boards}
    awards = [award for board in boards for award in standing(board.item)]
    return Paper(
        title=f"{competition.name}成绩册",
        issuer=competition.organizer.name,
        subject=subject_of(competition),
        facts=[
            ("主办单位", competition.organizer.name),
            ("级别、类别", competition.kind_words),
            ("年度", f"{competition.year}年"),
            ("通知文号", competition.document_number or NOTHING),
        ],
        words=_scale_words(scales.values()),
        tables=[
            Grid(
                "成绩总览",
                OVERVIEW,
                (5, 4, 3, 2, 5, 3, 2, 2, 2, 4, 6),
                [_overview(board, lines[board.pk]) for board in boards],
            ),
            *(_results(board, lines[board.pk], scales[board.pk]) for board in boards),
            *([_given(awards)] if awards else []),
        ],
    )


def _overview(board: Board, lines: Sequence[BoardLine]) -> list[str]:
    return [
        board.item.code,
        board.item.name,
        board.item.get_group_display(),
        Figure(board.number),
        chinese_day(timezone.localdate(board.published_at)),
        Figure(len(lines)),
        *(Figure(len({one.number for one in lines if one.medal == medal})) for medal in MEDALS),
        f"依次比{'、'.join(board.scheme.tie_order)}" if board.scheme.tie_order else "并列",
        board.digest[:12],
    ]


def _scale_words(scales: Iterable[Scale | None]) -> list[str]:
    """How the scale was reckoned; nothing where no board of the contest has one."""
    scale = next(filter(None, scales), None)
    if scale is None:
        return []
    centre, step = (f"{number.normalize():f}" for number in (scale.centre, scale.step))
    return [
        f"标准分以各榜中位数为{centre}、每一标准差为{step}换算，只供不同项目之间参看，名次以成绩为准。"
    ]


def _results(board: Board, lines: Sequence[BoardLine], scale: Scale | None) -> Grid:
    rows = [
        [
            Figure(line.rank),
            _named(line),
            line.employer or NOTHING,
            line.number,
            *(Figure(f"{points:.2f}") for points in line.modules),
            Figure(f"{line.total:.2f}"),
            Figure(scale.of(line.total)) if scale else NOTHING,
            line.get_medal_display() or NOTHING,
        ]
        for line in lines
    ]
    before, after = LINES[:4], LINES[4:]
    modules = board.scheme.modules
    return Grid(
        f"{board.item.code} {board.item.name}",
        (*before, *modules, *after),
        (2, 3, 6, 2, *[2] * len(modules), 2, 2, 2),
        rows,
    )


def _named(line: BoardLine) -> str:
    """Whose line it is, with the team, and whether that one was entered late."""
    beside = "，".join(filter(None, [line.team, line.entry.late_words]))
    return f"{line.name}（{beside}）" if beside else line.name


def _given(awards: Sequence[Award]) -> Grid:
    rows = [
        [
            award.get_kind_display(),
            award.name,
            award.line.employer or NOTHING,
            award.line.board.item.name,
            award.number or NOTHING,
        ]
        for award in awards
    ]
    return Grid("获奖名单", AWARDS, (2, 2, 5, 3, 3), rows)
