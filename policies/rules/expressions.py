"""Expressions that several apps' facts need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import IntegerRangeField
from django.db.models import Aggregate, F, Func, IntegerField, Q
from django.db.models.functions import Greatest

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable


class RangeAgg(Aggregate):
    """The union of ranges, as a multirange."""

    function = "RANGE_AGG"
    output_field = IntegerRangeField()


class MultirangeLength(Func):
    """The whole steps a multirange of integers covers; NULL for an empty one."""

    template = (
        "(SELECT SUM(UPPER(span) - LOWER(span))::int FROM UNNEST(%(expressions)s) covered(span))"
    )
    output_field = IntegerField()


def covered_length(first: str, last: Combinable, *, where: Q | None = None) -> MultirangeLength:
    """How many steps the union of the closed intervals ``[first, last]`` covers.

    ``covered_length("start_month", Coalesce("end_month", this_month))`` counts the months of all
    segments: both ends counted, overlaps once, gaps not at all; NULL where there is no interval.
    An interval that ends before it starts counts as nothing instead of raising.
    """
    closed = Func(F(first), Greatest(last + 1, F(first)), function="INT4RANGE")
    closed.output_field = IntegerRangeField()
    return MultirangeLength(RangeAgg(closed, filter=where))
