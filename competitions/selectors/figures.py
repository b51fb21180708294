"""How many contests, participations and promotions a year brought, along each chain: three questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from competitions.models import Competition, Entry, Promotion

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

NO_CHAIN = "未列入产业链"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one chain came to in a year."""

    chain: str
    contests: int
    participations: int
    promotions: int


def figures_of(user: User, year: int) -> list[Figures]:
    """The chains of announced contests within reach, the busiest first; and all of them together."""
    contests = Competition.objects.visible_to(user).filter(year=year)
    held = contests.exclude(state=Competition.State.DRAFT)
    entries = Entry.objects.filter(item__competition__in=held, state=Entry.State.ENTERED)
    risen = Promotion.objects.filter(item__competition__in=held, state=Promotion.State.CERTIFIED)
    counted = (
        _by_chain(held, "chain"),
        _by_chain(entries, "item__competition__chain"),
        _by_chain(risen, "item__competition__chain"),
    )
    chains = sorted(set().union(*counted), key=lambda chain: -counted[1].get(chain, 0))
    rows = [
        Figures(chain or NO_CHAIN, *(part.get(chain, 0) for part in counted)) for chain in chains
    ]
    return [*rows, Figures("合计", *(sum(part.values()) for part in counted))]


def _by_chain(rows: QuerySet, route: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(route).annotate(Count("pk")))
