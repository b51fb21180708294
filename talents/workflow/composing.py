"""How the list at hand is made up, and what would mend it: told to who decides, moved by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talents.models import Nomination
from talents.rules.composition import Composition
from talents.workflow.publicity import in_order

if TYPE_CHECKING:
    from talents.models import PublicNotice
    from talents.rules.composition import Share, Swap


class Made(NamedTuple):
    """The shares of a list, and the exchanges that would mend it; None where none would do."""

    shares: list[Share]
    swaps: list[Swap] | None


def composition_of(notice: PublicNotice) -> Made | None:
    """Of those to be named, while nobody is yet; None where the policy asks for no shares."""
    asked = Composition.of(notice.round)
    if not asked.asked or notice.state not in {notice.State.DRAFT, notice.State.POSTED}:
        return None
    chosen = notice.entries.filter(is_reserve=False).order_by("position")
    order = list(chosen.values_list("nomination", flat=True))
    others = [one.nomination for one in in_order(notice.round) if one.nomination not in set(order)]
    rows = Nomination.objects.select_related("person", "unit").in_bulk([*order, *others])
    slate = [rows[pk] for pk in order]
    shares = asked.shares(slate)
    if all(share.is_met for share in shares):
        return Made(shares, [])
    return Made(shares, asked.mend(slate, [rows[pk] for pk in others]))
