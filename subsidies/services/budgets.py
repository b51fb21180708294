"""Drawing up the budget of a fund, line by line, until it is handed in for signing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.models import BudgetLine, Fund
from subsidies.models.funds import Line
from subsidies.permissions import may_plan_for
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from organizations.models import Organization, User

DRAWN_UP = Event("subsidies.budget-drawn-up", "编制预算")


def _in_words(lines: Iterable[tuple[str, Decimal]]) -> dict[str, str]:
    """Lines of a budget as the record has them, each under its name."""
    return {Line(line).label: str(amount) for line, amount in lines}


@refusing()
@transaction.atomic
def draw_up_budget(
    organization: Organization, year: int, source: str, lines: Mapping[str, Decimal], *, actor: User
) -> Fund:
    """Say what each line of a year's fund is planned at, while nothing was handed in."""
    may_plan_for.check(actor, organization)
    Fund.objects.get_or_create(organization=organization, year=year, source=source)
    rows = Fund.objects.select_for_update(no_key=True)
    fund = rows.get(organization=organization, year=year, source=source)
    if fund.state != Fund.State.OPEN:
        message = f"{fund}的预算{fund.get_state_display()}，不能再改；待批的可先退回"
        raise DomainError("budget-not-open", message)
    before = _in_words(fund.lines.values_list("line", "amount"))
    after = _in_words((line, amount) for line, amount in lines.items() if amount)
    if not after:
        raise DomainError("budget-empty", "预算还没有列入任何科目，请先填写金额")
    if before != after:
        fund.lines.all().delete()
        BudgetLine.objects.bulk_create(
            BudgetLine(fund=fund, line=line, amount=amount)
            for line, amount in lines.items()
            if amount
        )
        record_event(
            DRAWN_UP,
            subject_of(fund),
            actor=actor,
            organization=organization,
            before=before,
            after=after,
        )
    return fund
