"""How a person did in contests, for the passport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from competitions.models import BoardLine, Entry
from competitions.rules.places import doubt_of, stands_of
from talents.selectors.attainments import MOST_SHOWN, Attainment, Speaks

if TYPE_CHECKING:
    from talents.models import Person
    from talents.selectors.attainments import Sight
    from workflow.refusals import DomainError


def results_of(sight: Sight, person: Person) -> list[Attainment]:
    """The places on published boards, of each entry the newest edition, with what is open about each.

    A unit states none of those that may still change; within the days of appealing it may.
    """
    rows = BoardLine.newest_of(sight.rows(Entry).filter(person=person))
    rows = rows.select_related("board__item__competition__edition", "entry__person")
    lines = list(rows.order_by("-board__published_at")[:MOST_SHOWN])
    doubts = {pk: stand.refusal for pk, stand in stands_of(lines).items()}
    return [
        Attainment(
            line.board.item.name,
            line.board.item.ends_on or timezone.localdate(line.board.published_at),
            (
                str(line.board.item.competition),
                _rank_of(line, doubt_of(doubts[line.pk])),
                f"{line.total}",
                line.get_medal_display() or "—",
            ),
            reverse("competitions:board", args=[line.board.item.code]),  # open to everybody
            speaks=_sentence_of(line) if _is_told(doubts[line.pk]) else None,
        )
        for line in lines
    ]


def _rank_of(line: BoardLine, doubt: str) -> str:
    return f"第{line.rank}名（{doubt}）" if doubt else f"第{line.rank}名"


def _is_told(doubt: DomainError | None) -> bool:
    return doubt is None or doubt.code == "appeals-not-over"


def _sentence_of(line: BoardLine) -> Speaks:
    item = line.board.item
    return Speaks("practice", f"参加{item.competition}{item.name}，列第{line.rank}名")
