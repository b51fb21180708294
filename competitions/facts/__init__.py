"""What a policy may ask about an entrant, on the first day of the item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import DateField, Func, IntegerField, Value

from competitions.facts import measures
from policies.facts import Fact, register
from talents.facts import CompletedYears

if TYPE_CHECKING:
    from datetime import date

    from django.db.models.expressions import Combinable

MONTHS = 12


class OddMonths(Func):
    """The months beyond the whole years from a date to a day."""

    template = "EXTRACT(MONTH FROM AGE(%(expressions)s))::int"
    output_field = IntegerField()


def _age(on: date) -> Combinable:
    return CompletedYears(Value(on, DateField()), "person__birth_on")


def _months_in_city(on: date) -> Combinable:
    day = Value(on, DateField())
    return CompletedYears(day, "in_city_since") * MONTHS + OddMonths(day, "in_city_since")


register(
    "competitions.Entry",
    Fact(code="entrant_age", expression=_age, remedy="请核对公民身份号码中的出生日期"),
    Fact(
        code="months_in_city",
        expression=_months_in_city,
        remedy="请补填在本市学习或工作的起始日期",
    ),
)

__all__ = ["OddMonths", "measures"]
