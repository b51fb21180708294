"""How a person did in contests, for the passport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from competitions.models import BoardLine, Entry
from talents.selectors.attainments import MOST_SHOWN, Attainment, Speaks

if TYPE_CHECKING:
    from talents.models import Person
    from talents.selectors.attainments import Sight


def results_of(sight: Sight, person: Person) -> list[Attainment]:
    """The places on published boards, of each entry the newest edition."""
    rows = BoardLine.newest_of(sight.rows(Entry).filter(person=person))
    rows = rows.select_related("board__item__competition").order_by("-board__published_at")
    return [
        Attainment(
            line.board.item.name,
            line.board.item.ends_on or timezone.localdate(line.board.published_at),
            (
                str(line.board.item.competition),
                f"第{line.rank}名",
                f"{line.total}",
                line.get_medal_display() or "—",
            ),
            reverse("competitions:board", args=[line.board.item.code]),  # open to everybody
            speaks=Speaks(
                "practice",
                f"参加{line.board.item.competition}{line.board.item.name}，列第{line.rank}名",
            ),
        )
        for line in rows[:MOST_SHOWN]
    ]
