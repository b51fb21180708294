"""Trades of a round that a contest decides: said by the app above that holds contests."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talents.models import Nomination

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from talents.models import SelectionRound


class Contest(NamedTuple):
    """One trade, how else it is called, what decides about it, and why it has not yet ("": it has)."""

    trade: str
    called: frozenset[str]
    item: str
    href: str
    waits: str
    #: Which trade this is by the national list; "" where the contest does not say.
    code: str = ""

    @property
    def is_over(self) -> bool:
        """Whether a list may be drawn up by its result."""
        return not self.waits

    def has(self, occupation: str, code: str = "") -> bool:
        """Whether a candidate of this trade is decided about here: by code, where both tell one."""
        if code and self.code:
            return code == self.code
        return _plain(occupation) in {_plain(name) for name in self.called}


_tellers: list[Callable[[SelectionRound], list[Contest]]] = []


def register_contests(tell: Callable[[SelectionRound], list[Contest]]) -> None:
    """Have rounds ask ``tell`` which of their trades a contest decides."""
    _tellers.append(tell)


def contests_of(selection: SelectionRound) -> list[Contest]:
    """What decides about which trades; all others are reviewed by experts."""
    return [one for tell in _tellers for one in tell(selection)]


def methods_told(selection: SelectionRound) -> str:
    """By which method which trade is decided, in one sentence."""
    contests = contests_of(selection)
    if not contests:
        return "各职业（工种）都由专家评审；由竞赛决定的，在竞赛项目页面定为本轮次的选拔竞赛。"
    said = "、".join(f"{one.trade}（{one.item}）" for one in contests)
    return f"由竞赛决定的职业（工种）：{said}；其余由专家评审。在竞赛项目页面定；竞赛不再办理的，在该页面改回专家评审。"


def contested(
    selection: SelectionRound, *, among: QuerySet[Nomination] | None = None
) -> dict[int, Contest]:
    """Candidates whose trade a contest decides, by nomination."""
    contests = contests_of(selection)
    if not contests:
        return {}
    rows = Nomination.objects.filter(round=selection) if among is None else among
    return {
        pk: one
        for pk, occupation, code in rows.values_list("pk", "occupation", "occupation_code")
        for one in contests
        if one.has(occupation, code)
    }


def _plain(name: str) -> str:
    """Blanks tell no trades apart."""
    return "".join(name.split())
