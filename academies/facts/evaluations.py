"""What a policy may ask about an academy's evaluations: the facts that money obeys, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    DateField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from academies.models import Academy, Evaluation, Rectification
from policies.facts import Fact, register

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

#: So many failures with no pass between them end what is paid, for good.
TWICE = 2
#: Why an academy is paid nothing, as people read it; the codes are those of the database.
BARS = {
    "subsidy-ended": "连续两次审核评价不合格，不再拨付补助资金",
    "payments-suspended": "整改尚未完成，整改完成前暂停拨付补助资金",
}


def payment_bar(academy: Academy) -> str:
    """Why nothing is paid to the academy, by code; "" if nothing stands in the way."""
    bar: Func = Func(F("pk"), function="academies_payment_bar", output_field=CharField())
    return Academy.objects.values_list(bar, flat=True).get(pk=academy.pk) or ""


def failed_twice_without(rows: QuerySet[Evaluation]) -> QuerySet[Academy]:
    """Academies that would have failed twice in a row if ``rows`` were not on file, and have not."""
    without = ArraySubquery(rows.order_by().values("pk"))
    whole = IntegerField()
    streak = Func(F("pk"), function="academies_failing_streak", output_field=whole)
    left = Func(F("pk"), without, function="academies_failing_streak_as", output_field=whole)
    of = Academy.objects.filter(pk__in=rows.order_by().values("academy")).order_by("code")
    return of.alias(streak=streak, left=left).filter(streak__lt=TWICE, left__gte=TWICE)


def open_on(day: date) -> Q:
    """Failed evaluations made by ``day`` and not put right by then."""
    still = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return Q(grade=Evaluation.Grade.FAILED, evaluated_on__lte=day) & still


def _longest_failing_streak(on: date) -> Combinable:
    """The most failed evaluations up to the day with no passed one between them."""
    return Func(
        F("pk"),
        Value(on, DateField()),
        function="academies_failing_streak",
        output_field=IntegerField(),
    )


def _open_rectifications(on: date) -> Combinable:
    """How many failed evaluations, and demands of audits, are not put right on the day."""
    failed = Evaluation.objects.filter(open_on(on))
    still = ~Q(state__in=Rectification.DONE) | Q(checked_at__date__gt=on)
    demanded = Rectification.objects.filter(still, demanded_at__date__lte=on)
    return _count_of(failed) + _count_of(demanded)


def _count_of(rows: QuerySet) -> Coalesce:
    """How many of the academy's own there are among ``rows``."""
    own = rows.filter(academy=OuterRef("pk")).order_by()
    counted = own.values("academy").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


register(
    "academies.Academy",
    Fact(code="longest_failing_streak", expression=_longest_failing_streak),
    Fact(code="open_rectifications", expression=_open_rectifications),
)
