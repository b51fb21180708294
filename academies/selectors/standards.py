"""Where academies stand against the standards of their tier: the figures, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from academies.facts import GROWTH_DECIMALS
from academies.models import Academy, AcademyYear
from academies.rules import Standards, Standing, standards_of, verdicts_of
from policies.facts import facts_about

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organizations.models import User

GROWTH = "upgraded_growth"


@dataclass(frozen=True, slots=True)
class Figures:
    """What an academy did in a year, counted from its rows."""

    classes: int = 0
    practical_classes: int = 0
    person_times: int = 0
    persons: int = 0
    practical_persons: int = 0
    upgraded_persons: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """An academy's year: its figures, last year's, its brands and growth, and every standard."""

    academy: Academy
    year: int
    figures: Figures
    before: Figures | None
    brands: int
    growth: Decimal | None
    standings: tuple[Standing, ...] = ()
    standards: Standards | None = field(default=None, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether the year has ended, so that what is short stays short."""
        return self.year < timezone.localdate().year

    @property
    def short_count(self) -> int:
        """How many standards are not met; what does not apply is not short."""
        return sum(1 for standing in self.standings if standing.met is False)


def academies_of_year(user: User, year: int) -> QuerySet[Academy]:
    """The academies that stood in a year, or taught in it."""
    taught = AcademyYear.objects.filter(year=year, classes__gt=0).values("academy_id")
    stood = Q(designated_on__lte=date(year, 12, 31)) & (
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=date(year, 1, 1))
    )
    rows = Academy.objects.visible_to(user).select_related("host", "supervising_union")
    return rows.filter(stood | Q(pk__in=taught)).order_by("code")


def positions(academies: Iterable[Academy], year: int) -> list[Position]:
    """Where each of ``academies`` stands in ``year``: a handful of queries for any number."""
    found = list(academies)
    rows = Academy.objects.filter(pk__in=[academy.pk for academy in found])
    years = _figures(rows, (year, year - 1))
    read = _brands_and_growth(rows, year)
    judged: dict[int, tuple[Standards, tuple[Standing, ...]]] = {}
    for tier, standards in standards_of((academy.tier for academy in found), year).items():
        verdicts = verdicts_of(standards, rows.filter(tier=tier))
        judged |= {pk: (standards, standards.of(verdict)) for pk, verdict in verdicts.items()}
    return [
        Position(
            academy,
            year,
            years.get((academy.pk, year), Figures()),
            years.get((academy.pk, year - 1)),
            *read[academy.pk],
            standings=judged[academy.pk][1] if academy.pk in judged else (),
            standards=judged[academy.pk][0] if academy.pk in judged else None,
        )
        for academy in found
    ]


def _figures(rows: QuerySet[Academy], years: tuple[int, ...]) -> dict[tuple[int, int], Figures]:
    names = tuple(Figures.__dataclass_fields__)
    counted = AcademyYear.objects.filter(academy__in=rows, year__in=years)
    return {
        (academy, year): Figures(*counts)
        for academy, year, *counts in counted.values_list("academy_id", "year", *names)
    }


def _brands_and_growth(rows: QuerySet[Academy], year: int) -> dict[int, tuple[int, Decimal | None]]:
    """The two figures that no count holds, read by the facts the standards are judged by."""
    facts, on = facts_about("academies.Academy"), date(year, 12, 31)
    asked = {code: facts[code].expression(on) for code in ("brands", GROWTH)}
    return {
        pk: (brands, None if growth is None else Decimal(growth).scaleb(-GROWTH_DECIMALS))
        for pk, brands, growth in rows.annotate(
            asked_brands=asked["brands"], asked_growth=asked[GROWTH]
        ).values_list("pk", "asked_brands", "asked_growth")
    }
