"""Which awards a board leads to: medals to its first places, prizes to who coached and sent the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from competitions.models import Award

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from competitions.models import BoardLine
    from organizations.models import Organization
    from policies.library.policy import Policy
    from talents.models import Person

#: What the rules say of a squad, of coaches and of units that send the best.
PRIZES = "squad"
Kind = Award.Kind
TITLES = {
    Kind.GOLD: "职业技能竞赛金牌",
    Kind.SILVER: "职业技能竞赛银牌",
    Kind.BRONZE: "职业技能竞赛铜牌",
    Kind.COACH: "职业技能竞赛传承奖",
}


@dataclass(frozen=True, slots=True)
class Due:
    """One award to be given: to a person, or to a unit."""

    line: BoardLine
    kind: Award.Kind
    name: str
    person: Person | None = None
    unit: Organization | None = None


def has_prizes(policy: Policy | None) -> bool:
    """Whether the rules give prizes to coaches and units."""
    return policy is not None and any(one.code == PRIZES for one in policy.provisions)


def awards_by(lines: Iterable[BoardLine], *, prizes: bool) -> Iterator[Due]:
    """What the lines of one board lead to; ``prizes``: coach and unit of the best are honoured, too.

    A coach or a unit with several who share the first place is honoured once.
    """
    honoured: set[object] = set()
    for line in lines:
        if not line.medal:
            continue
        entry = line.entry
        yield Due(line, Kind(line.medal), entry.person.name, person=entry.person)
        if not prizes or line.medal != Kind.GOLD:
            continue
        if entry.coach and entry.coach not in honoured:
            honoured.add(entry.coach)
            yield Due(line, Kind.COACH, entry.coach.name, person=entry.coach)
        sender = entry.unit.name if entry.unit else entry.employer
        if sender and sender not in honoured:
            honoured.add(sender)
            yield Due(line, Kind.UNIT, sender, unit=entry.unit)
