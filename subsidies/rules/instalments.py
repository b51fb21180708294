"""Into which parts a grant is paid, by the policy of the day."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from subsidies.readings import INSTALMENTS
from subsidies.rules.eligibility import policy_on

HUNDRED = Decimal(100)
CENT = Decimal("0.01")


def instalments(amount: Decimal) -> list[Decimal]:
    """The parts in which ``amount`` is paid; what does not come out even goes with the last."""
    parameter = policy_on(timezone.localdate()).parameter(INSTALMENTS)
    shares = parameter.numbers if parameter and parameter.numbers else (HUNDRED,)
    parts = [(amount * share / HUNDRED).quantize(CENT) for share in shares[:-1]]
    return [*parts, amount - sum(parts, Decimal(0))]
