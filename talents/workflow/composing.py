"""How the list at hand is made up, and what would mend it: told to who decides, moved by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talents.models import Nomination
from talents.rules.composition import Composition
from talents.rules.merit import in_order
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from talents.models import PublicNotice
    from talents.rules.composition import Share, Swap


class Made(NamedTuple):
    """The shares of a list, and the exchanges that would mend it; None where none would do."""

    shares: list[Share]
    swaps: list[Swap] | None


def composition_of(notice: PublicNotice) -> Made | None:
    """Of those to be named, while nobody is yet; None where no shares are asked."""
    asked = Composition.of(notice.round)
    if not asked.asked or notice.state not in {notice.State.DRAFT, notice.State.POSTED}:
        return None
    chosen = notice.entries.filter(is_reserve=False).order_by("position")
    order = list(chosen.values_list("nomination", flat=True))
    others = [one.nomination for one in in_order(notice.round) if one.nomination not in set(order)]
    told = asked.told(Nomination.objects.select_related("person", "unit"))
    rows = told.in_bulk([*order, *others])
    slate = [rows[pk] for pk in order]
    shares = asked.shares_of(slate)
    if all(share.is_met for share in shares):
        return Made(shares, [])
    return Made(shares, asked.mend(slate, [rows[pk] for pk in others]))


def check_composition(notice: PublicNotice) -> None:
    """Refuse to put up a list that misses a share which is to be kept; say what would mend it."""
    made = composition_of(notice)
    broken = (
        [share for share in made.shares if share.asked.is_hard and not share.is_met] if made else []
    )
    if made is None or not broken:
        return
    said = "；".join(
        f"{share.title}{share.count}人，占{share.percent_there}%，应{share.wanted}"
        for share in broken
    )
    ways = "、".join(
        f"以{swap.into.person.name}换下{swap.out.person.name}" for swap in made.swaps or ()
    )
    way = f"改动最少的办法：{ways}" if ways else "其余人选中没有少量调整即可达到的办法"
    raise DomainError("composition-broken", f"名单不符合轮次规定的结构比例：{said}。{way}")
