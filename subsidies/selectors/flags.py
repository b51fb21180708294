"""Red flags within reach, with the expenses they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from academies.models import Academy
from subsidies.rules.flags import FLAGS, Flag, Hit, hits
from subsidies.selectors.money import expenses_in_scope

if TYPE_CHECKING:
    from organizations.models import User


@dataclass(frozen=True, slots=True)
class Raised:
    """One kind of flag with its hits."""

    flag: Flag
    hits: list[Hit]


def flags_raised(user: User) -> list[Raised]:
    """Every kind of flag with what raised it, one statement each."""
    academies = list(Academy.objects.visible_to(user).values_list("pk", flat=True))
    return [Raised(flag, hits(flag, academies)) for flag in FLAGS]


def with_rows(raised: Raised, user: User, most: int) -> dict[str, Any]:
    """The first hits of a kind with academy and expenses, for a page."""
    shown = raised.hits[:most]
    names = Academy.objects.visible_to(user).in_bulk({hit.academy_id for hit in shown})
    wanted = {pk for hit in shown for pk in hit.expenses}
    rows = expenses_in_scope(user).in_bulk(wanted)
    return {
        "flag": raised.flag,
        "count": len(raised.hits),
        "hits": [
            {
                "academy": names.get(hit.academy_id),
                "words": hit.words,
                "amount": hit.amount,
                "expenses": [rows[pk] for pk in hit.expenses if pk in rows],
            }
            for hit in shown
        ],
    }
