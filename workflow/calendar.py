"""Working days, with the Saturdays worked for holidays; the table is editable, the seed a package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar.constants import Holiday, holidays, workdays

from workflow.corrections import Correctable
from workflow.models import WorkingDay

SATURDAY = 5
#: What may be put right about a day; one calendar serves all, so that it stands in nobody's chain.
DAY = Correctable(("day", "is_working", "note"), organization=lambda day: None)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day reached by counting; ``unpublished_years`` are those whose holidays are not known yet."""

    day: date
    unpublished_years: tuple[int, ...] = ()


def exceptions_between(start: date, end: date) -> dict[date, bool]:
    """Days from ``start`` to ``end`` that depart from the plain week: day → works or not."""
    rows = WorkingDay.objects.filter(day__range=(start, end))
    return dict(rows.values_list("day", "is_working"))


def is_working(day: date, exceptions: dict[date, bool]) -> bool:
    return exceptions.get(day, day.weekday() < SATURDAY)


def add_working_days(start: date, count: int, *, start_counts: bool = True) -> Deadline:
    """The ``count``-th working day from ``start``; the start day is the first one if it works.

    Public notices count their first day (domain §11.1).
    """
    exceptions = exceptions_between(start, start + timedelta(days=count * 3 + 40))
    day = start if start_counts else start + timedelta(days=1)
    left = count
    while True:
        if is_working(day, exceptions):
            left -= 1
            if left <= 0:
                break
        day += timedelta(days=1)
    published = published_years()
    years = range(start.year, day.year + 1)
    return Deadline(day, tuple(year for year in years if year not in published))


def published_years() -> list[int]:
    """Years whose holidays are in the table."""
    return [day.year for day in WorkingDay.objects.dates("day", "year")]


def load_published_days() -> int:
    """Add the published holidays and worked Saturdays that are not there; returns how many.

    A day somebody edited keeps what they wrote.
    """
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    rows = [WorkingDay(day=day, is_working=False, note=names[n]) for day, n in holidays.items()]
    rows += [
        WorkingDay(day=day, is_working=True, note=f"{names[n]}调休上班")
        for day, n in workdays.items()
    ]
    before = WorkingDay.objects.count()
    WorkingDay.objects.bulk_create(rows, ignore_conflicts=True)
    return WorkingDay.objects.count() - before
