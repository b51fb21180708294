"""What a policy may ask about an academy in the year of a day: brands, persons, classes, growth.

Everything is read from the kept counts, which the database moves with the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Floor, Greatest, Least
from django.db.models.lookups import GreaterThan

from academies.models import Academy, AcademyYear, Brand
from policies.facts import Fact, register
from policies.library.vocabulary import TERMS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models.expressions import Combinable

    Reading = Callable[[date], Combinable]

#: Growth is judged in ten-thousandths of a percent, cut off: what falls short by a hair falls short.
GROWTH_DECIMALS = 4
GROWTH_SHOWN = 2
WHOLE = 10**GROWTH_DECIMALS * 100
LARGEST = 2_000_000_000


def of_year(year: int, column: str) -> Subquery:
    """One count of the academy's year; NULL if there is none."""
    rows = AcademyYear.objects.filter(academy=OuterRef("pk"), year=year)
    return Subquery(rows.values(column)[:1], output_field=BigIntegerField())


def _count(column: str) -> Reading:
    """The count of the year; nothing on file is 0, for then nothing was taught."""
    return lambda on: Cast(Coalesce(of_year(on.year, column), 0), IntegerField())


def brand_stands_on(day: date) -> Q:
    """Brands in force on a day."""
    return Q(until__isnull=True, since__lte=day) | Q(until__gt=day, since__lte=day)


def _brands(on: date) -> Combinable:
    standing = Brand.objects.filter(brand_stands_on(on), academy=OuterRef("pk"))
    counted = standing.order_by().values("academy").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _upgraded_growth(on: date) -> Combinable:
    """Growth of the persons upgraded against the year before; NULL without any then."""
    now = Coalesce(of_year(on.year, "upgraded_persons"), 0)
    before = of_year(on.year - 1, "upgraded_persons")
    return _share(now - before, before)


def _upgraded_share_growth(on: date) -> Combinable:
    """By how many points the share of persons upgraded grew; NULL unless both years taught."""
    now, before = of_year(on.year, "persons"), of_year(on.year - 1, "persons")
    upgraded = of_year(on.year, "upgraded_persons")
    upgraded_before = of_year(on.year - 1, "upgraded_persons")
    return _share(upgraded * before - upgraded_before * now, now * before)


def _share(part: Combinable, whole: Combinable) -> Combinable:
    """``part`` of ``whole`` in ten-thousandths of a percent, cut off; NULL of nothing."""
    share = Floor(part * Value(WHOLE, FloatField()) / whole)
    bounded = Greatest(Least(share, Value(LARGEST, FloatField())), Value(-LARGEST, FloatField()))
    return Case(
        When(GreaterThan(whole, 0), then=Cast(bounded, IntegerField())),
        default=None,
        output_field=IntegerField(),
    )


def _term(
    code: str, reading: Reading, *, decimals: int = 0, shown: int | None = None, remedy: str = ""
) -> Fact:
    """A fact under the name and in the words of the common vocabulary."""
    term = TERMS[code]
    return Fact(
        code=code,
        label=term.label,
        unit=term.unit,
        explanation=term.explanation,
        expression=reading,
        decimals=decimals,
        shown_decimals=shown,
        remedy=remedy,
    )


register(
    "academies.Academy",
    _term("brands", _brands),
    _term("trained_persons", _count("persons")),
    _term("trained_person_times", _count("person_times")),
    _term("practical_sessions", _count("practical_classes")),
    _term("practical_persons", _count("practical_persons")),
    _term("upgraded_growth", _upgraded_growth, decimals=GROWTH_DECIMALS, shown=GROWTH_SHOWN),
    _term(
        "upgraded_share_growth",
        _upgraded_share_growth,
        decimals=GROWTH_DECIMALS,
        shown=GROWTH_SHOWN,
    ),
    Fact(
        code="is_demonstration",
        label=TERMS["is_demonstration"].label,
        unit="",
        explanation=TERMS["is_demonstration"].explanation,
        expression=lambda on: Case(
            When(tier=Academy.Tier.DEMONSTRATION, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
    ),
)
