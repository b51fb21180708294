"""What a policy may ask about an academy in the year of a day: brands, persons, classes, growth.

Each stands on a count (``counts``): its rows, and where the database keeps their number as rows come
and go. ``measures`` says how the targets of a policy count academies themselves.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.db.models import Case, FloatField, IntegerField, Value, When
from django.db.models.functions import Cast, Coalesce, Floor, Greatest, Least
from django.db.models.lookups import GreaterThan

from academies.facts.counts import (
    BRANDS,
    PERSON_TIMES,
    PERSONS,
    PRACTICAL_PERSONS,
    PRACTICAL_SESSIONS,
    UPGRADED_PERSONS,
    YearContext,
    YearCount,
    of_two_years,
    of_year,
)
from academies.models import Academy
from policies.facts import Fact, register

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models.expressions import Combinable

#: Growth is judged in ten-thousandths of a percent, cut off: what falls short by a hair falls short.
GROWTH_DECIMALS = 4
GROWTH_SHOWN = 2
WHOLE = 10**GROWTH_DECIMALS * 100
LARGEST = 2_000_000_000


def _counted(code: str, count: YearCount, formula: Callable[[YearContext], str]) -> Fact:
    """A fact that is the number of its rows."""
    return Fact(code=code, expression=count.reading, rows=(count,), formula=formula)


def _of_tier(code: str, tier: str) -> Fact:
    """Whether an academy is of that tier: 1 or 0."""
    return Fact(
        code=code,
        expression=lambda on: Case(
            When(tier=tier, then=Value(1)), default=Value(0), output_field=IntegerField()
        ),
    )


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


def _percent(part: int, whole: int) -> str:
    share = Decimal(100) * part / whole
    return f"{share.quantize(Decimal(1).scaleb(-GROWTH_SHOWN), ROUND_HALF_UP)}%"


def _growth_in_words(year: YearContext) -> str:
    now, this_year, last_year = year.figures, year.year, year.year - 1
    if year.growth is None or year.before is None:
        found = f"{this_year}年提升{now.upgraded_persons:,}人"
        return f"{found}；{last_year}年没有可比的提升人数，不适用"
    then = year.before.upgraded_persons
    sum_ = f"（{now.upgraded_persons:,}－{then:,}）÷{then:,} = {year.growth}%"
    return f"{sum_}（{this_year}年与{last_year}年）"


def _share_growth_in_words(year: YearContext) -> str:
    now, before = year.figures, year.before
    if before is None or not before.persons or not now.persons:
        return f"{year.year - 1}年或{year.year}年没有培训人数，不适用"
    return (
        f"{now.upgraded_persons:,}÷{now.persons:,} = "
        f"{_percent(now.upgraded_persons, now.persons)}，"
        f"上年{before.upgraded_persons:,}÷{before.persons:,} = "
        f"{_percent(before.upgraded_persons, before.persons)}"
    )


register(
    "academies.Academy",
    _counted(
        "brands",
        BRANDS,
        lambda year: f"{year.year}年末在册的特色专业（工种）{year.brands}个",
    ),
    _counted(
        "trained_persons",
        PERSONS,
        lambda year: (
            f"名册{year.figures.person_times:,}人次，同一人只计一次，去重后{year.figures.persons:,}人"
        ),
    ),
    _counted(
        "trained_person_times",
        PERSON_TIMES,
        lambda year: (
            f"名册逐条计{year.figures.person_times:,}人次（去重后{year.figures.persons:,}人）"
        ),
    ),
    _counted(
        "practical_sessions",
        PRACTICAL_SESSIONS,
        lambda year: (
            f"全年{year.figures.classes:,}期培训班中标明实操的{year.figures.practical_classes:,}期"
        ),
    ),
    _counted(
        "practical_persons",
        PRACTICAL_PERSONS,
        lambda year: f"参加实操班的学员，同一人只计一次，共{year.figures.practical_persons:,}人",
    ),
    Fact(
        code="upgraded_growth",
        expression=_upgraded_growth,
        decimals=GROWTH_DECIMALS,
        shown_decimals=GROWTH_SHOWN,
        rows=of_two_years(UPGRADED_PERSONS, "提升技能"),
        formula=_growth_in_words,
    ),
    Fact(
        code="upgraded_share_growth",
        expression=_upgraded_share_growth,
        decimals=GROWTH_DECIMALS,
        shown_decimals=GROWTH_SHOWN,
        rows=(*of_two_years(UPGRADED_PERSONS, "提升技能"), *of_two_years(PERSONS, "参训")),
        formula=_share_growth_in_words,
    ),
    _of_tier("is_demonstration", Academy.Tier.DEMONSTRATION),
    _of_tier("is_capital", Academy.Tier.CAPITAL),
)
