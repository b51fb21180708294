"""Where rows of a plan get in each other's way, or in that of what is on file: told, never refused."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from competitions.models import Item
from competitions.models.competitions import with_codes
from competitions.selectors.clashes import by_venue, clashes, venue_key
from intake.kinds.registers import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from competitions.imports.plan.reading import Row
    from organizations.models import User

WHERE_AND_WHEN = ("venue", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class _Booked:
    """A venue on some days, by a row of the table or by an item on file."""

    called: str
    venue: str
    first: date
    last: date
    row: Row | None = None

    def meets(self, other: _Booked) -> bool:
        return self.first <= other.last and other.first <= self.last


def clashing(rows: Sequence[Row], actor: User) -> Iterator[Fault]:
    """What to look at before the table is filed, at the cell of the venue or of the first day."""
    asked = [(row, booked) for row in rows if (booked := _booked(row))]
    there: dict[str, list[_Booked]] = defaultdict(list)
    for _, booked in asked:
        there[venue_key(booked.venue)].append(booked)
    restated = [row.item.pk for row in rows if row.item]
    on_file = by_venue(Item.objects.visible_to(actor)).exclude(pk__in=restated)
    on_file = on_file.filter(place__in=set(there) - {""})
    for item in on_file.select_related("competition").order_by("code"):
        if days := item.days:
            called = f"已登记的“{item.competition} {item}”"
            there[venue_key(item.venue)].append(_Booked(called, item.venue, *days))
    stages = _stages(rows, actor)
    for row, booked in asked:
        if not _moves(row):
            continue
        if key := venue_key(booked.venue):
            others = [o for o in there[key] if o.row is not row and booked.meets(o)]
            if others:
                yield Fault(row.line, "venue", "venue-clash", _told(others))
        yield from _people(row, stages, restated, actor)


def _booked(row: Row) -> _Booked | None:
    """Where and when the row's item is held once the table is filed; None while no day is set."""
    was = row.item
    venue, first, last = (
        row.facts.get(name, getattr(was, name) if was else None) for name in WHERE_AND_WHEN
    )
    if first is None:
        return None
    return _Booked(f"第{row.line}行“{row.name}”", venue or "", first, last or first, row)


def _told(others: Sequence[_Booked]) -> str:
    """In one sentence, however many there are."""
    first, *more = others
    count = f"等{len(others)}项" if more else ""
    return f"与{first.called}{count}同期使用“{first.venue}”，请核对日程"


def _moves(row: Row) -> bool:
    """Whether filing the row changes where or when something is held."""
    if row.item is None:
        return True
    return any(
        name in row.facts and row.facts[name] != getattr(row.item, name) for name in WHERE_AND_WHEN
    )


def _stages(rows: Sequence[Row], actor: User) -> dict[str, int]:
    """By their codes in capitals, the stages on file that rows follow."""
    codes = {row.follows.upper() for row in rows if row.follows}
    on_file = with_codes(Item.objects.visible_to(actor), codes)
    return {stage.code.upper(): stage.pk for stage in on_file} if codes else {}


def _people(
    row: Row, stages: dict[str, int], restated: Sequence[int], actor: User
) -> Iterator[Fault]:
    """Judges and entrants of an item on file who are elsewhere on its new days."""
    if row.item is None:
        return
    moved = copy(row.item)
    if row.follows is not None:
        moved.follows_id = stages.get(row.follows.upper())
    for name in WHERE_AND_WHEN[1:]:
        setattr(moved, name, row.facts.get(name, getattr(row.item, name)))
    for clash in clashes(moved, actor):
        if clash.is_of_people and clash.item.pk not in restated:
            yield Fault(row.line, "starts_on", "people-clash", clash.words)
