"""What a judge meets: the items one has a seat in, and the works in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from competitions.models import Judge
from competitions.permissions.parties import is_others_affair
from competitions.rules.editions import spread_limit
from competitions.selectors.board import current_scheme
from competitions.selectors.progress import works_for

if TYPE_CHECKING:
    from competitions.selectors.progress import Work
    from organizations.models import User


@dataclass(frozen=True, slots=True)
class Seat:
    """One's seat in an item, with what is left to do there."""

    judge: Judge
    works: list[Work]

    @property
    def left(self) -> int:
        return sum(work.standing != "已评" for work in self.works)

    @property
    def again(self) -> int:
        return sum(work.apart > 0 for work in self.works)


def own_items(user: User) -> list[Seat]:
    """The seats one holds in items that are being marked, what is left first."""
    rows = Judge.objects.visible_to(user).filter(
        is_others_affair(user, "item"), user=user, item__state="open"
    )
    judges = rows.select_related("item__competition__edition").order_by("item__starts_on", "pk")
    seats = [_seat(judge) for judge in judges]
    return sorted(seats, key=lambda seat: not seat.left)


def _seat(judge: Judge) -> Seat:
    scheme = current_scheme(judge.item)
    return Seat(judge, works_for(judge, scheme, spread_limit(judge.item)) if scheme else [])


def works_context(judge: Judge) -> dict[str, Any]:
    """What the page of one's works in an item shows."""
    seat = _seat(judge)
    is_by_number = any(work.entry.work_code == "" for work in seat.works)
    called = "参赛号" if is_by_number else "加密号"
    return {
        "judge": judge,
        "item": judge.item,
        "seat": seat,
        "works": seat.works,
        "called": called,
        "lead": f"按{called}评分，看不到姓名和单位。",
    }
