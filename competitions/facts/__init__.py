"""What a policy may ask about an entrant, on the first day of the item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import DateField, F, Func, IntegerField, Value

from policies.facts import Fact, register

if TYPE_CHECKING:
    from datetime import date

    from django.db.models.expressions import Combinable

MONTHS = 12


class CompletedMonths(Func):
    """Whole months from a date to a day; none before it."""

    template = (
        f"(EXTRACT(YEAR FROM AGE(%(expressions)s)) * {MONTHS}"
        " + EXTRACT(MONTH FROM AGE(%(expressions)s)))::int"
    )
    output_field = IntegerField()


def _age(on: date) -> Combinable:
    return CompletedMonths(Value(on, DateField()), F("person__birth_on")) / MONTHS


def _months_in_city(on: date) -> Combinable:
    return CompletedMonths(Value(on, DateField()), F("in_city_since"))


register(
    "competitions.Entry",
    Fact(code="entrant_age", expression=_age, remedy="请核对公民身份号码中的出生日期"),
    Fact(
        code="months_in_city",
        expression=_months_in_city,
        remedy="请补填在本市学习或工作的起始日期",
    ),
)
