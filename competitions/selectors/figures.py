"""How many contests, participations and promotions a year brought, along each chain: three questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from competitions.models import Chain, Competition, Entry, Promotion
from competitions.models.competitions import NO_CHAIN

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one chain came to in a year."""

    chain: str
    is_listed: bool
    contests: int
    participations: int
    promotions: int

    @property
    def asked(self) -> str:
        """How the lists of its rows are asked for the chain; "" asks for all."""
        return "" if self.chain == TOTAL else self.chain


def figures_of(user: User, year: int) -> list[Figures]:
    """The chains of announced contests within reach, the busiest first, listed ones along which nothing was
    held included; and all of them together.
    """
    contests = Competition.objects.visible_to(user).filter(year=year)
    held = contests.exclude(state=Competition.State.DRAFT)
    entries = Entry.objects.visible_to(user).filter(
        item__competition__in=held, state=Entry.State.ENTERED
    )
    risen = Promotion.objects.visible_to(user).filter(
        item__competition__in=held, state=Promotion.State.CERTIFIED
    )
    counted = (
        _by_chain(held, "chain"),
        _by_chain(entries, "item__competition__chain"),
        _by_chain(risen, "item__competition__chain"),
    )
    chains = sorted(set().union(*counted), key=lambda chain: -counted[1].get(chain, 0))
    listed = {"", TOTAL, *Chain.listed_to(user)}
    chains += sorted(listed.difference(chains, {"", TOTAL}))
    rows = [
        Figures(chain or NO_CHAIN, chain in listed, *(part.get(chain, 0) for part in counted))
        for chain in chains
    ]
    return [*rows, Figures(TOTAL, TOTAL in listed, *(sum(part.values()) for part in counted))]


def _by_chain(rows: QuerySet, route: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(route).annotate(Count("pk")))
