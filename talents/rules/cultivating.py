"""For how long somebody is cultivated, and when the unit reports, as the policy has it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from policies.library.policy import DayKind
from talents.rules.titles import newest_ladders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from policies.library.policy import Policy

MONTHS, REPORT_STEP = "cultivation_months", "cultivation_report"
EXTENSIONS, EXTENSION = "cultivation_extensions", "cultivation_extension_months"
USUAL_MONTHS, USUAL_INTERVAL = 24, 6
USUAL_EXTENSIONS, USUAL_EXTENSION = 1, 12
#: After how many months without a day of teaching on record one is reminded, and only reminded; also where
#: the edition does not say, as the first of the selection policy: half of what lies between two reports.
QUIET, USUAL_QUIET = "cultivation_quiet_months", 3


@dataclass(frozen=True, slots=True)
class CultivationRule:
    """How many months it lasts, and how many lie between two reports."""

    months: int = USUAL_MONTHS
    interval: int = USUAL_INTERVAL
    #: How often it may be extended, and by how many months at most each time.
    extensions: int = USUAL_EXTENSIONS
    longest_extension: int = USUAL_EXTENSION
    #: After so many months without a confirmed log of the mentor one is reminded.
    quiet: int = USUAL_QUIET

    @classmethod
    def of(cls, scheme: str) -> CultivationRule:
        policy = next((one for one in newest_ladders() if one.code == scheme), None)
        return cls() if policy is None else cls.by(policy)

    @classmethod
    def by(cls, policy: Policy) -> CultivationRule:
        """What one edition says."""
        parameter = policy.parameter(MONTHS)
        step = next(
            (s for s in policy.procedure if s.code == REPORT_STEP and s.day_kind is DayKind.MONTH),
            None,
        )
        months = parameter.number if parameter and parameter.number else USUAL_MONTHS
        quiet = policy.parameter(QUIET)
        often, long = policy.parameter(EXTENSIONS), policy.parameter(EXTENSION)
        return cls(
            int(months),
            step.days if step and step.days else USUAL_INTERVAL,
            int(often.number) if often and often.number is not None else USUAL_EXTENSIONS,
            int(long.number) if long and long.number else USUAL_EXTENSION,
            int(quiet.number) if quiet and quiet.number else USUAL_QUIET,
        )

    def due_days(self, starts_on: date, months: int) -> Iterator[date]:
        """A day for every interval, and the last at the end."""
        for passed in range(self.interval, months + self.interval, self.interval):
            yield months_after(starts_on, min(passed, months))


def midterm_of(starts_on: date, ends_on: date, days: Iterable[date]) -> date:
    """The day among ``days`` that lies nearest to the middle; of two, the earlier."""
    middle = starts_on + (ends_on - starts_on) / 2
    return min(days, key=lambda day: (abs(day - middle), day))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def quiet_before(today: date, months: int) -> date:
    """Whatever came last before this day is more than so many months ago on ``today``."""
    day = months_after(today, -months)
    while months_after(day, months) < today:  # at the end of a longer month
        day += timedelta(days=1)
    while months_after(day - timedelta(days=1), months) >= today:  # of a shorter one
        day -= timedelta(days=1)
    return day
