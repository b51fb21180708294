"""How far the marking of an item has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from competitions.models import Aspect, Entry, Mark
from competitions.rules.editions import spread_limit
from competitions.selectors.spread import Apart, far_apart

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from django.db.models import QuerySet

    from competitions.models import Item, Judge, Scheme


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is to be marked, whose marks are complete, and where judges differ too much."""

    entered: int
    complete: int
    apart: list[Apart]

    @property
    def open(self) -> int:
        return self.entered - self.complete


def progress_of(item: Item, scheme: Scheme | None, limit: Decimal) -> Progress:
    """By three questions, whatever the number of entrants; a team counts as one."""
    entered = item.entries.filter(state=Entry.State.ENTERED, captain__isnull=True)
    if scheme is None:
        return Progress(entered.count(), 0, [])
    needed = scheme.aspects.aggregate(total=Sum("seats"))["total"]
    counting = Count("marks", filter=Q(marks__is_superseded=False, marks__aspect__scheme=scheme))
    complete = entered.annotate(given=counting).filter(given=needed)
    return Progress(entered.count(), complete.count(), far_apart(item, limit))


def short_teams(item: Item) -> list[str]:
    """Teams that have fewer members than the item is for, by name."""
    if item.team_size == 1:
        return []
    captains = item.entries.filter(state=Entry.State.ENTERED, captain__isnull=True)
    mates = Count("mates", filter=Q(mates__state=Entry.State.ENTERED))
    short = captains.annotate(others=mates).filter(others__lt=item.team_size - 1)
    return list(short.order_by("number", "pk").values_list("team", flat=True))


def far_apart_of(item: Item, work: Entry, aspects: Iterable[Aspect]) -> list[str]:
    """The aspects of a work, by code, on which its judges differ too much."""
    codes = {aspect.pk: aspect.code for aspect in aspects}
    found = [one for one in far_apart(item, spread_limit(item)) if one.entry_id == work.pk]
    return [codes[one.aspect_id] for one in found if one.aspect_id in codes]


def aspects_for(judge: Judge, scheme: Scheme) -> list[Aspect]:
    """What a judge marks."""
    return aspects_of_seat(judge.seat, scheme)


def aspects_of_seat(seat: int, scheme: Scheme) -> list[Aspect]:
    """The judgements of a seat; the first seat records the measurements, too."""
    measured = Q(method=Aspect.Method.MEASUREMENT) if seat == 1 else Q(pk__in=[])
    judged = Q(method=Aspect.Method.JUDGEMENT, seats__gte=seat)
    return list(scheme.aspects.filter(measured | judged))


def marks_of_before(scheme: Scheme, told: Iterable[tuple[int, str]]) -> list[tuple[Aspect, str]]:
    """What was typed, by key, for aspects of earlier versions of the scheme; what was left open is none."""
    typed = {pk: value for pk, value in told if value}
    if not typed:
        return []
    return [(aspect, typed[aspect.pk]) for aspect in Aspect.of_before(scheme, list(typed))]


@dataclass(slots=True)
class Work:
    """One work as a judge meets it: under its code, never under a name or the number of an entrant."""

    entry: Entry
    given: int
    needed: int
    apart: int

    @property
    def number(self) -> str:
        return self.entry.work_words

    @property
    def standing(self) -> str:
        if self.apart:
            return "须重评"
        return "已评" if self.given == self.needed else "评分中" if self.given else "未评"

    @property
    def tone(self) -> str:
        return {"须重评": "bad", "已评": "good", "评分中": "warn"}.get(self.standing, "")


def works_for(judge: Judge, scheme: Scheme, limit: Decimal) -> list[Work]:
    """All works of a judge's item in the order of their numbers; what is to be done first comes first."""
    aspects = aspects_for(judge, scheme)
    own = Q(marks__is_superseded=False, marks__seat=judge.seat, marks__aspect__in=aspects)
    rows = entries_to_judge(judge).annotate(given=Count("marks", filter=own))
    judged = {aspect.pk for aspect in aspects}
    apart: dict[int, int] = {}
    for one in far_apart(judge.item, limit):
        if one.aspect_id in judged:
            apart[one.entry_id] = apart.get(one.entry_id, 0) + 1
    works = [Work(row, row.given, len(aspects), apart.get(row.pk, 0)) for row in rows]
    return sorted(works, key=lambda work: (work.standing == "已评", work.number))


def entries_to_judge(judge: Judge) -> QuerySet[Any]:
    """The works of the item that stand, as far as they have a code (or number) to be judged under."""
    return Entry.to_judge(judge.item).order_by("work", "pk")


def marks_by(judge: Judge, entry: Entry) -> dict[int, Mark]:
    """What the judge gave so far, by aspect."""
    rows = entry.marks.filter(seat=judge.seat, is_superseded=False)
    return {mark.aspect_id: mark for mark in rows}
