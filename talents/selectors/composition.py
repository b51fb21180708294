"""How a round stands against the shares asked of it, while people are still being put forward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from talents.models import Nomination
from talents.rules.composition import MOST_SWAPS, Composition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import SelectionRound
    from talents.rules.composition import Share, Swap


@dataclass(frozen=True, slots=True)
class Meter:
    """The shares of those who count now, and the exchanges that would mend them; None: no few would."""

    shares: Sequence[Share]
    swaps: Sequence[Swap] | None
    #: Whether the confirmed are counted; before anybody is, all who were put forward.
    is_of_confirmed: bool
    whole: int

    @property
    def is_met(self) -> bool:
        return all(share.is_met for share in self.shares)


def meter_of(selection: SelectionRound, user: User) -> Meter | None:
    """Within reach of the account; None where no shares are asked. Few questions, whatever the number.

    Confirmed candidates against those who wait; as long as nobody is confirmed, all of them, and then
    there is nobody to change for.
    """
    asked = Composition.of(selection)
    if not asked.asked:
        return None
    rows = Nomination.objects.visible_to(user).filter(round=selection)
    confirmed = rows.filter(state=Nomination.State.CHECKED)
    kinds = asked.kinds(confirmed)
    is_of_confirmed = bool(kinds)
    if not is_of_confirmed:
        kinds = asked.kinds(rows)
    shares = asked.shares(kinds)
    swaps: list[Swap] | None = []
    if is_of_confirmed and not all(share.is_met for share in shares):
        waiting = rows.filter(state=Nomination.State.DRAFT)
        found = asked.exchanges(kinds, asked.kinds(waiting))
        if found:
            last, first = _ends(asked, confirmed, is_last=True), _ends(asked, waiting)
            swaps = asked.named(found, last[::-1], first)
        else:
            swaps = None
    return Meter(shares, swaps, is_of_confirmed, sum(kinds.values()))


def _ends(
    asked: Composition, rows: QuerySet[Nomination], *, is_last: bool = False
) -> list[Nomination]:
    """The first (or last) few of each kind, as their units rank them, then as they were put forward."""
    rank, pk = F("rank"), F("pk")
    order = (
        [rank.desc(nulls_first=True), pk.desc()]
        if is_last
        else [rank.asc(nulls_last=True), pk.asc()]
    )
    flags = [f"is_of_{one.group}" for one in asked.asked]
    placed = asked.told(rows).annotate(
        place=Window(RowNumber(), partition_by=flags, order_by=order)
    )
    return list(placed.filter(place__lte=MOST_SWAPS).select_related("person").order_by(*order))
