"""Accounts of years that are late: the academy and the union above it are told, once for each grant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from organizations.models import User
from subsidies.models import Grant
from subsidies.rules.eligibility import is_loaded
from subsidies.rules.settling import due_on
from subsidies.selectors.settlements import without_account
from subsidies.services import notices
from workflow.models import Record
from workflow.records import Event, record_event, subject_of

if TYPE_CHECKING:
    from datetime import date

CHASED = Event("subsidies.settlement-chased", "催报决算")


def remind_of_settlements(today: date) -> int:
    """Tell of every account that is not handed in by the day the policy states; of how many.

    The policy states one number of days for it, so there is one step. What was told of stands on
    record and is not told again; without a policy nobody is.
    """
    if not is_loaded():
        return 0
    late = without_account(Grant.objects.all(), today).values_list("pk", "fund__year")
    days = {year: due_on(year, today) for year in set(late.values_list("fund__year", flat=True))}
    over = sorted(pk for pk, year in late if days[year] < today)
    return sum(_tell(pk, today) for pk in over)


@transaction.atomic
def _tell(pk: int, today: date) -> bool:
    """Tell of one, unless somebody has just done so or it came in meanwhile."""
    rows = Grant.objects.filter(pk=pk).select_for_update(of=("self",), no_key=True)
    grant = rows.select_related(
        "academy__organization", "academy__supervising_union", "fund__organization"
    ).get()
    told = Record.objects.filter(code=CHASED.code, subject=subject_of(grant))
    if told.exists() or not without_account(Grant.objects.filter(pk=pk), today).exists():
        return False
    limit, system = due_on(grant.fund.year, today), User.objects.system()
    words = f"报送期限{limit}，已逾期{(today - limit).days}日"
    notices.tell_overdue(grant, words, actor=system)
    record_event(
        CHASED, subject_of(grant), actor=system, organization=grant.academy.organization,
        note=words,
    )  # fmt: skip
    return True
