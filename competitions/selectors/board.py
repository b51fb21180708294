"""The board of an item, reckoned by one statement: exact totals, half up to two digits, shared ranks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from competitions.models import Board
from competitions.models.schemes import HIGHEST_JUDGEMENT, PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from competitions.models import BoardLine, Item, Scheme

#: A mark counts for so many parts of a point: a measurement for what it is, a judgement for its share
#: of the maximum, which is marks ÷ (3 × judges). Whole numbers of parts are summed and divided once,
#: so that nothing is rounded on the way. Where the scheme declares a tie order, equal totals are ranked
#: by the exact points of its aspects and modules, one after the other; else they share a rank.
#: Aspects are read anew at every place (not materialized), so that the sums may run on several processors.
BOARD = f"""
with scheme as (
  select id, tie_order from competitions_scheme where item_id = %(item)s order by number desc limit 1
), aspects as not materialized (
  select id, seats, code, module, position,
    case method when 'measurement' then {PARTS}::numeric
    else maximum * ({PARTS} / {HIGHEST_JUDGEMENT} / seats) end as weight
  from competitions_aspect
  where scheme_id = (select id from scheme)
), totals as (
  select m.entry_id, round(sum(m.value * a.weight) / {PARTS}, 2) as total
  from competitions_mark m
  join aspects a on a.id = m.aspect_id
  where not m.is_superseded
  group by m.entry_id
  having count(*) = (select sum(seats) from aspects)
), ties as (
  select entry_id, array_agg(points order by place) as points
  from (
    select m.entry_id, a.place, sum(m.value * a.weight) as points
    from (
      select n.place, a.id, a.weight
      from scheme s cross join unnest(s.tie_order) with ordinality n(name, place)
      join aspects a on n.name in (a.code, a.module)
      offset 0
    ) a
    join competitions_mark m on m.aspect_id = a.id
    where not m.is_superseded
    group by m.entry_id, a.place
  ) one
  group by entry_id
), modules as (
  select entry_id, array_agg(points order by place) as points
  from (
    select m.entry_id, min(a.position) as place, round(sum(m.value * a.weight) / {PARTS}, 2) as points
    from aspects a
    join competitions_mark m on m.aspect_id = a.id
    where a.module <> '' and not m.is_superseded
    group by m.entry_id, a.module
  ) one
  group by entry_id
), ranked as (
  select t.*, m.points as modules,
    rank() over (order by t.total desc, i.points desc nulls last) as place
  from totals t
  join competitions_entry e on e.id = t.entry_id and e.item_id = %(item)s and e.state = 'entered'
  left join ties i on i.entry_id = t.entry_id
  left join modules m on m.entry_id = t.entry_id
)
select e.id, captain.number, p.name, t.total, t.place, captain.team, e.captain_id,
  coalesce(t.modules, '{{}}')
from ranked t
join competitions_entry captain on captain.id = t.entry_id
join competitions_entry e on coalesce(e.captain_id, e.id) = t.entry_id
  and e.item_id = %(item)s and e.state = 'entered'
join talents_person p on p.id = e.person_id
"""  # noqa: S608 - constants of ours
#: As the sheet had them, then by number.
IN_ORDER = " order by e.batch_id, e.batch_line, captain.number, e.id"
BY_RANK = " order by place, captain.number, e.captain_id nulls first, e.id"


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a board."""

    entry_id: int
    number: str
    name: str
    total: Decimal
    rank: int
    team: str = ""
    captain_id: int | None = None
    #: Points by module of the scheme, in its order.
    modules: list[Decimal] = field(default_factory=list)


def current_scheme(item: Item) -> Scheme | None:
    """The newest version, by which marks are given."""
    return item.schemes.order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Difference:
    """What one edition says otherwise than the one before about one entrant; None: not on it."""

    name: str
    number: str
    before: tuple[int, Decimal] | None
    after: tuple[int, Decimal] | None


def newest_board(item: Item) -> Board | None:
    """The edition that is published last."""
    return item.boards.select_related("scheme").order_by("-number").first()


def newest_boards_of(items: Iterable[Item]) -> dict[int, Board]:
    """The same of many items, by item: by one statement."""
    known = {item.pk: item for item in items}
    rows = Board.published().filter(item__in=known).select_related("scheme")
    found = {
        board.item_id: board for board in rows.order_by("item_id", "-number").distinct("item_id")
    }
    for board in found.values():
        board.item = known[board.item_id]
    return found


def board_of(item: Item, *, ranked: bool = True) -> list[Place]:
    """Everybody whose marks are complete, best first (or as entered); nobody else has a rank.

    A team has one result, which each of its members has a line with.
    """
    with connection.cursor() as cursor:
        cursor.execute(BOARD + (BY_RANK if ranked else IN_ORDER), {"item": item.pk})
        return [Place(*row) for row in cursor.fetchall()]


def differences(before: Board, after: Board) -> list[Difference]:
    """Whoever stands otherwise in the later of two editions."""
    old = {line.entry_id: line for line in before.lines.all()}
    new = {line.entry_id: line for line in after.lines.all()}
    found = []
    for pk in [*new, *(old.keys() - new.keys())]:
        was, now = _said(old.get(pk)), _said(new.get(pk))
        if was != now:
            line = new.get(pk) or old[pk]
            found.append(Difference(line.name, line.number, was, now))
    return found


def _said(line: BoardLine | None) -> tuple[int, Decimal] | None:
    return (line.rank, line.total) if line else None
