"""人才库: who stands in reserve by a contest, and who was recommended in a round that named others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Q

from competitions.rules.places import doubt_of
from competitions.rules.settled import unsettled
from competitions.selectors.awards import reserves_in_scope
from talents.models import Nomination, Person
from talents.selectors.nominations import in_the_pool

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from competitions.models import BoardLine
    from organizations.models import User

NATIONAL, WORLD, RECOMMENDED = "national", "worldskills", "recommended"
WAYS = [(NATIONAL, "国赛后备"), (WORLD, "世赛后备"), (RECOMMENDED, "推荐未入选")]


def pool_in_scope(
    user: User, way: str = "", reserves: QuerySet[BoardLine] | None = None
) -> QuerySet[Person]:
    """Persons within reach who are in the pool, by any way or by this one."""
    reserves = reserves_in_scope(user) if reserves is None else reserves
    ways = Q(pk__in=[])
    if way in {"", NATIONAL, WORLD}:
        places = reserves.filter(board__item__entry_tier__startswith=way)
        ways |= Q(pk__in=places.order_by().values("entry__person"))
    if way in {"", RECOMMENDED}:
        ways |= Q(pk__in=_recommended(user).values("person"))
    return Person.objects.visible_to(user).filter(ways).select_related("organization")


def grounds_of(
    persons: Collection[int], user: User, reserves: QuerySet[BoardLine] | None = None
) -> dict[int, list[str]]:
    """Why each of these is in the pool, and what is open about it; asked for all at once."""
    reserves = reserves_in_scope(user) if reserves is None else reserves
    told: dict[int, list[str]] = defaultdict(list)
    lines = list(reserves.filter(entry__person__in=persons))
    asked = unsettled({line.board.item_id: line.board.item for line in lines}.values(), "选入")
    for line in lines:
        item = line.board.item
        doubt = doubt_of(asked.get(item.pk))
        kind = dict(WAYS)[NATIONAL if item.entry_tier == NATIONAL else WORLD]
        place = f"第{line.rank}名（{doubt}）" if doubt else f"第{line.rank}名"
        told[line.entry.person_id].append(f"{kind}：{item.competition}{item}{place}")
    filed = _recommended(user).filter(person__in=persons).select_related("round")
    for nomination in filed.order_by("-pk"):
        told[nomination.person_id].append(f"推荐未入选：{nomination.round}")
    return told


def _recommended(user: User) -> QuerySet[Nomination]:
    return in_the_pool(Nomination.objects.visible_to(user))
