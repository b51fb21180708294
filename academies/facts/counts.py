"""The figures of an academy's year and the rows they are counted from: for pages, facts and reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import BigIntegerField, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce

from academies.models import AcademyYear, Brand, Enrolment, TrainingClass, TrainingReport
from policies.facts import Count, Rows, register_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from django.db.models.expressions import Combinable

    from academies.models import Academy


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
class YearContext:
    """What the facts of an academy are told of: its year, the figures of both years, what they gave."""

    academy: Academy
    year: int
    figures: Figures
    before: Figures | None
    brands: int
    growth: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCount(Count):
    """A figure of an academy's year, or of the one before it.

    What counts persons once says under ``times`` how often each of the year's persons is kept to have
    been there. The rows must come to the kept count ``kept``, or to what is ``known`` of the year
    besides; rows of neither are counted when they are asked for.
    """

    kept: str = ""
    known: str = ""
    times: str = ""
    years_back: int = 0

    @property
    def is_distinct(self) -> bool:
        return bool(self.times)

    def params(self, academy: Academy, year: int) -> dict[str, Any]:
        return {"academy": academy.pk, "year": year - self.years_back}

    def listed(self, academy: Academy, year: int) -> Q:
        """Which rows its page lists: those counted, or the persons they are about."""
        params = self.params(academy, year)
        return Q(**params, **{f"{self.times}__gt": 0}) if self.times else self.rows.where(params)

    def of(self, context: YearContext) -> int:
        """What counting the rows must come to."""
        if self.known:
            return getattr(context, self.known)
        if not self.kept:
            return self.rows.found(self.params(context.academy, context.year)).count()
        figures = context.before if self.years_back else context.figures
        return getattr(figures, self.kept) if figures else 0

    def reading(self, on: date) -> Combinable:
        """The same of each academy in the year of ``on``; no row is 0: nothing was done."""
        if self.kept:
            return Cast(Coalesce(of_year(on.year, self.kept), 0), IntegerField())
        rows = self.rows.found({"academy": OuterRef("pk"), "year": on.year}).order_by()
        counted = rows.values("academy").annotate(number=models.Count("pk")).values("number")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def of_year(year: int, column: str) -> Subquery:
    """A kept count of the academy's year; NULL if there is none."""
    rows = AcademyYear.objects.filter(academy=OuterRef("pk"), year=year)
    return Subquery(rows.values(column)[:1], output_field=BigIntegerField())


def _of_year(params: Mapping[str, Any], **more: Any) -> Q:
    return Q(academy=params["academy"], year=params["year"], **more)


def _brands(params: Mapping[str, Any]) -> Q:
    """Brands in force at the end of the year."""
    return Brand.DAYS.on(date(params["year"], 12, 31)) & Q(academy=params["academy"])


_enrolments = partial(Rows, model=Enrolment, subject="person_id")
ALL = _enrolments(code="enrolments.all", where=_of_year)
PRACTICAL = _enrolments(code="enrolments.practical", where=partial(_of_year, is_practical=True))
UPGRADED = _enrolments(code="enrolments.upgraded", where=partial(_of_year, is_upgraded=True))
CLASSES = Rows(code="classes.all", model=TrainingClass, where=_of_year)
PRACTICAL_CLASSES = Rows(
    code="classes.practical", model=TrainingClass, where=partial(_of_year, is_practical=True)
)

PERSONS = YearCount(
    code="persons", title="培训人数", unit="人", rows=ALL, kept="persons", times="times"
)
PERSON_TIMES = YearCount(
    code="person-times", title="培训人次", unit="人次", rows=ALL, kept="person_times"
)
PRACTICAL_SESSIONS = YearCount(
    code="practical-classes",
    title="实操培训班",
    unit="期",
    rows=PRACTICAL_CLASSES,
    kept="practical_classes",
)
PRACTICAL_PERSONS = YearCount(
    code="practical-persons",
    title="实操培训人数",
    unit="人",
    rows=PRACTICAL,
    kept="practical_persons",
    times="practical_times",
)
UPGRADED_PERSONS = YearCount(
    code="upgraded-persons",
    title="提升技能人数",
    unit="人",
    rows=UPGRADED,
    kept="upgraded_persons",
    times="upgraded_times",
)
BRANDS = YearCount(
    code="brands",
    title="特色品牌",
    unit="个",
    rows=Rows(code="brands.standing", model=Brand, where=_brands),
    known="brands",
)
#: Those an academy's page shows, in its order, and those besides that have a page of their rows.
TILES = (
    PERSONS,
    PERSON_TIMES,
    PRACTICAL_SESSIONS,
    PRACTICAL_PERSONS,
    UPGRADED_PERSONS,
    BRANDS,
)
_OTHERS = (
    YearCount(code="classes", title="培训班", unit="期", rows=CLASSES, kept="classes"),
    YearCount(code="upgraded", title="提升技能的培训记录", unit="人次", rows=UPGRADED),
)
COUNTS = {count.code: count for count in (*TILES, *_OTHERS)}
register_rows(*(count.rows for count in COUNTS.values()))


def _reported(params: Mapping[str, Any]) -> Q:
    return _of_year(params, state=TrainingReport.State.ACCEPTED)


#: The reports of a year that were accepted: what its figures were signed in.
REPORTED = Rows(code="reports.accepted", model=TrainingReport, where=_reported)
register_rows(REPORTED)


def of_two_years(count: YearCount, noun: str) -> tuple[YearCount, YearCount]:
    """What a growth is counted from: the year and the one before."""
    return replace(count, title=f"本年{noun}"), replace(count, title=f"上年{noun}", years_back=1)
