"""Evaluations and what they mean for the money: scoped, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField, F, Func

from academies.models import Academy, Evaluation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

#: Why an academy is paid nothing, as people read it; the codes are those of the database.
BARS = {
    "subsidy-ended": "连续两次审核评价不合格，不再拨付补助资金",
    "payments-suspended": "审核评价不合格，整改完成前暂停拨付",
}


def evaluations_in_scope(user: User) -> QuerySet[Evaluation]:
    rows = Evaluation.objects.visible_to(user)
    return rows.select_related("academy__organization", "academy__supervising_union")


def evaluations_of(academy: Academy, user: User) -> QuerySet[Evaluation]:
    """The evaluations of one academy, the latest first."""
    return evaluations_in_scope(user).filter(academy=academy).order_by("-evaluated_on", "-year")


def payment_bar(academy: Academy) -> str:
    """Why nothing is paid to the academy, by code; "" if nothing stands in the way."""
    bar: Func = Func(F("pk"), function="academies_payment_bar", output_field=CharField())
    rows = Academy.objects.filter(pk=academy.pk)
    return rows.values_list(bar, flat=True).get() or ""
