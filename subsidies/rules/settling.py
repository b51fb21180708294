"""How a year is closed: what may be carried over, and until when the account is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum

from subsidies.models import Account, Entry, Fund, Grant
from subsidies.models.funds import NOTHING
from subsidies.rules.eligibility import policy_on

if TYPE_CHECKING:
    from policies.library.policy import Policy

CARRY_OVER, DUE_DAYS = "carry_over_percent", "settlement_due_days"
#: How the keys of entries begin by which audits have money given back.
OF_FINDING = "finding:"
CENT, HUNDRED = Decimal("0.01"), 100
Place = Account.Kind


@dataclass(frozen=True, slots=True)
class Sums:
    """What the ledger and the policy say of one grant's year."""

    spent: Decimal
    left: Decimal
    carried: Decimal
    unpaid: Decimal
    #: What audits had demanded back by then: it was paid, and is neither spent nor left.
    refunded: Decimal

    @property
    def received(self) -> Decimal:
        return self.spent + self.refunded + self.left

    @property
    def given_back(self) -> Decimal:
        return self.left - self.carried

    def columns(self) -> dict[str, Decimal]:
        names = ("received", "spent", "refunded", "left", "carried", "given_back", "unpaid")
        return {name: getattr(self, name) for name in names}


def sums_of(grant: Grant, day: date) -> Sums:
    """How the year of ``grant`` would be closed on ``day``."""
    rows = Account.objects.filter(academy=grant.academy, fund=grant.fund)
    stood = dict(rows.values_list("kind", "balance"))
    spent, left = stood.get(Place.SPENT, NOTHING), stood.get(Place.HELD, NOTHING)
    share = _percent(policy_on(day), CARRY_OVER)
    refunded = _refunded(grant)
    most = ((spent + refunded + left) * share / HUNDRED).quantize(CENT, ROUND_DOWN)
    carried = min(left, most) if next_grant(grant) else NOTHING
    return Sums(spent, left, carried, stood.get(Place.RESERVED, NOTHING), refunded)


def _refunded(grant: Grant) -> Decimal:
    held = {"giver__academy": grant.academy_id, "giver__fund": grant.fund_id}
    rows = Entry.objects.filter(**held, kind=Entry.Kind.RETURN, key__startswith=OF_FINDING)
    return rows.aggregate(sum=Sum("amount"))["sum"] or NOTHING


def next_grant(grant: Grant) -> Grant | None:
    """The grant of the year after, from the same body and source, that goes on with what is left.

    None where that year is settled or closed already, or was not approved: what would be carried into it
    could not be spent, or be stuck once it is refused.
    """
    fund = grant.fund
    rows = Grant.objects.filter(
        academy=grant.academy,
        fund__organization=fund.organization,
        fund__source=fund.source,
        fund__year=fund.year + 1,
    )
    running = rows.filter(state__in=(Grant.State.APPROVED, Grant.State.PAID))
    return running.exclude(fund__state=Fund.State.CLOSED).select_related("fund").first()


def due_on(year: int, day: date) -> date:
    """Until when the account of ``year`` is due."""
    return date(year, 12, 31) + timedelta(days=int(_percent(policy_on(day), DUE_DAYS)))


def _percent(policy: Policy, code: str) -> Decimal:
    parameter = policy.parameter(code)
    return parameter.number if parameter and parameter.number is not None else NOTHING
