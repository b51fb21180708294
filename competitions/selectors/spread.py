"""Judgements of one aspect that lie further apart than the rules allow: they are to be given anew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Max, Min, Value
from django.db.models.functions import Coalesce, NullIf

from competitions.models import Aspect, Mark

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from competitions.models import Item


@dataclass(frozen=True, slots=True)
class Apart:
    """One aspect of one entrant on which the judges differ too much."""

    entry_id: int
    number: str
    aspect: str
    aspect_id: int
    least: Decimal
    most: Decimal


def counting_marks(item: Item) -> QuerySet[Mark]:
    """The marks that count, of those who stand."""
    return Mark.counting().filter(entry__item=item)


def far_apart(item: Item, limit: Decimal) -> list[Apart]:
    """Every aspect of every entrant whose judgements differ by more than ``limit``."""
    rows = (
        counting_marks(item)
        .filter(aspect__method=Aspect.Method.JUDGEMENT)
        .annotate(work=Coalesce(NullIf("entry__work_code", Value("")), "entry__number"))
        .values("entry", "work", "aspect__code", "aspect")
        .annotate(least=Min("value"), most=Max("value"))
        .filter(most__gt=F("least") + limit)
        .order_by("work", "entry", "aspect__position")
    )
    return [
        Apart(r["entry"], r["work"], r["aspect__code"], r["aspect"], r["least"], r["most"])
        for r in rows
    ]


def by_entry(found: list[Apart]) -> dict[int, list[Apart]]:
    parted: dict[int, list[Apart]] = defaultdict(list)
    for one in found:
        parted[one.entry_id].append(one)
    return parted
