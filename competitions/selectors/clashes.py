"""Items that get in each other's way: on the same days at one venue, or with the same judge or entrant.

A clash is told and never refused: an item of three days may need a hall, a judge or a competitor on one
of them only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, CharField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Upper
from django.db.models.lookups import GreaterThanOrEqual, IsNull, LessThanOrEqual

from competitions.models import Entry, Item, Judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from organizations.models import User

#: Venues are compared without spaces and brackets, with one kind of letters and of digits; hyphens and
#: points stay: 1-1号馆 is not 11号馆.
_WIDE = "".join(
    chr(c)
    for c in (
        *range(0xFF0D, 0xFF0F),
        *range(0xFF10, 0xFF1A),
        *range(0xFF21, 0xFF3B),
        *range(0xFF41, 0xFF5B),
    )
)
_PLAIN = "".join(chr(ord(c) - 0xFEE0) for c in _WIDE)
_SPELT, _DIGITS = "零〇一二三四五六七八九", "00123456789"
_DROPPED = ' \t　()（）[]【】“”"、，,。·—_'
_FOLD = str.maketrans(_WIDE + _SPELT, _PLAIN + _DIGITS, _DROPPED)
MOST_SHOWN, MOST_NAMED = 20, 3
VENUE = "赛场冲突"
#: What is written while there is no venue, or where there is none that two could both need.
NO_VENUE = frozenset({"", "待定", "未定", "暂定", "线上", "网上", "各单位", "另行通知", "无"})


def venue_key(venue: str) -> str:
    """“１号 馆”, “一号馆” and “1号馆” are one; "" where no venue is named."""
    key = venue.translate(_FOLD).upper()
    return "" if key in NO_VENUE else key


class VenueKey(Func):
    """The same by the database."""

    function = "translate"
    output_field = CharField()

    def __init__(self, venue: str, **extra: Any) -> None:
        super().__init__(venue, Value(_WIDE + _SPELT + _DROPPED), Value(_PLAIN + _DIGITS), **extra)


def by_venue(rows: QuerySet[Item]) -> QuerySet[Any]:
    """The rows, each with ``place``: its venue as venues are compared."""
    return rows.annotate(place=Upper(VenueKey("venue")))


class OfOneLadder(Func):
    """Whether a stage is among those that an item comes after, however far back, or that come after it.

    Asked with the item, the stage that it follows, and the other: a ladder shares its people, so that
    only the venues of its stages are held against each other.
    """

    output_field = BooleanField()
    template = """(with recursive asked(item, before, other) as (select %(expressions)s),
      back(id) as (
        select before::bigint from asked
        union select i.follows_id from competitions_item i join back using (id)
      ),
      onward(id) as (
        select item::bigint from asked
        union select i.id from competitions_item i join onward o on i.follows_id = o.id
      )
      select exists (select from back where back.id = other)
        or exists (select from onward where onward.id = other)
      from asked)"""


@dataclass(frozen=True, slots=True)
class Clash:
    """One item that is in the way, and by what."""

    item: Item
    title: str
    words: str

    @property
    def is_of_people(self) -> bool:
        return self.title != VENUE


def clashes(item: Item, user: User) -> list[Clash]:
    """What within reach is in the way of ``item`` on one of its days: at its venue, by judges, by entrants.

    Asked as ``item`` stands in memory: its days, and the stage it follows, may be those of a plan.
    """
    others = Item.objects.visible_to(user).exclude(pk=item.pk)
    found = _at_its_venue(item, others)
    if item.starts_on is None:
        return found
    first, last = Value(item.starts_on), Value(item.ends_on or item.starts_on)
    apart = others.filter(meets(first, last))
    apart = apart.exclude(OfOneLadder(Value(item.pk), Value(item.follows_id), F("pk")))
    return [*found, *_by_judges(item, apart, user), *_by_entrants(item, apart, user)]


def _at_its_venue(item: Item, others: QuerySet[Item]) -> list[Clash]:
    # of people this is not asked: a contest may last for months, and they need not be there all the time
    place, days = venue_key(item.venue), item.days
    if not place or days is None:
        return []
    rows = by_venue(others).filter(_needs_it(Value(days[0]), Value(days[1])), place=place)
    if item.starts_on is None:
        rows = rows.exclude(competition=item.competition_id)
    else:
        rows = rows.exclude(competition=item.competition_id, starts_on=None)
    rows = rows.select_related("competition").order_by("code")
    return [Clash(other, VENUE, _told_of_venue(item, other)) for other in rows[:MOST_SHOWN]]


def _told_of_venue(item: Item, other: Item) -> str:
    undated = "（项目日期未定，按竞赛日期）" if None in {item.starts_on, other.starts_on} else ""
    return f"“{other.competition} {other}”同期使用“{other.venue}”{undated}，请核对日程"


def _needs_it(first: Combinable, last: Combinable) -> Q:
    """Items that may need their venue on one of those days: the same by the database."""
    begins = Coalesce("starts_on", "competition__starts_on")
    ends = Coalesce("ends_on", "starts_on", "competition__ends_on", "competition__starts_on")
    return Q(GreaterThanOrEqual(ends, first)) & Q(LessThanOrEqual(begins, last))


def _by_judges(item: Item, others: QuerySet[Item], user: User) -> list[Clash]:
    rows = Judge.objects.visible_to(user).filter(
        user__in=item.judges.values("user"), item__in=others
    )
    rows = rows.select_related("user", "item__competition").order_by("item__code", "seat")
    return [
        Clash(
            other,
            "裁判冲突",
            f"裁判{_named(names)}同期在“{other.competition} {other}”执裁，请核对日程",
        )
        for other, names in _gathered((row.item, str(row.user)) for row in rows)
    ]


def _by_entrants(item: Item, others: QuerySet[Item], user: User) -> list[Clash]:
    ours = Entry.objects.visible_to(user).filter(item=item, state=Entry.State.ENTERED)
    rows = Entry.objects.visible_to(user).filter(
        item__in=others, state=Entry.State.ENTERED, person__in=ours.values("person")
    )
    rows = rows.select_related("person", "item__competition").order_by("item__code", "pk")
    return [
        Clash(
            other, "参赛人冲突", f"{_named(names)}同期参加“{other.competition} {other}”，请核对日程"
        )
        for other, names in _gathered((row.item, row.person.name) for row in rows)
    ]


def _gathered(pairs: Iterable[tuple[Item, str]]) -> list[tuple[Item, list[str]]]:
    found: dict[int, tuple[Item, list[str]]] = {}
    for item, name in pairs:
        found.setdefault(item.pk, (item, []))[1].append(name)
    return list(found.values())[:MOST_SHOWN]


def _named(names: list[str]) -> str:
    """张三、李四、王五等5人."""
    told = "、".join(names[:MOST_NAMED])
    return told if len(names) <= MOST_NAMED else f"{told}等{len(names)}人"


def with_clashes(items: QuerySet[Item], user: User) -> QuerySet[Item]:
    """``items``, each with whether another within reach meets it: ``shares_venue``, ``shares_people``."""
    last = Coalesce(OuterRef("ends_on"), OuterRef("starts_on"))
    others = Item.objects.visible_to(user).exclude(pk=OuterRef("pk"))
    at_place = by_venue(others).filter(
        _needs_it(OuterRef("first_need"), OuterRef("last_need")), place=OuterRef("place")
    )
    at_place = at_place.exclude(place__in=NO_VENUE)
    unknown = Q(starts_on=None) | Q(IsNull(OuterRef("starts_on"), rhs=True))
    at_place = at_place.exclude(unknown, competition=OuterRef("competition"))
    apart = others.filter(meets(OuterRef("starts_on"), last)).exclude(
        OfOneLadder(OuterRef("pk"), OuterRef("follows"), F("pk"))
    )
    own_judges = Judge.objects.visible_to(user).filter(item=OuterRef(OuterRef("pk")))
    own_entries = Entry.objects.visible_to(user).filter(
        item=OuterRef(OuterRef("pk")), state=Entry.State.ENTERED
    )
    judged = apart.filter(judges__user__in=own_judges.values("user"))
    entered = apart.filter(
        entries__state=Entry.State.ENTERED, entries__person__in=own_entries.values("person")
    )
    items = items.annotate(
        first_need=Coalesce("starts_on", "competition__starts_on"),
        last_need=Coalesce(
            "ends_on", "starts_on", "competition__ends_on", "competition__starts_on"
        ),
    )
    return by_venue(items).annotate(
        shares_venue=Exists(at_place), shares_people=Exists(judged) | Exists(entered)
    )


def meets(first: Combinable, last: Combinable) -> Q:
    """Items with a day between ``first`` and ``last``; one without a last day is held on its first."""
    ends_later = Q(ends_on__gte=first) | Q(ends_on__isnull=True, starts_on__gte=first)
    return ends_later & Q(starts_on__lte=last)
