"""What does not hold of the ledger, of that what a reader may see."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from academies.models import Academy
from subsidies.models import Account, Claim, Entry, Expense, Fund, Payment, Payout, Transfer
from subsidies.rules.proofs import LISTS, Broken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models import User
    from workflow.records.chains import Break

#: Of a ledger that is broken all over, so many are looked at.
MOST_LOOKED_AT = 500
#: Which rows each proof speaks of, and by what they are named.
ROWS: dict[str, tuple[Any, str]] = {
    "凭证": (Entry, "pk"),
    "凭证账户": (Entry, "pk"),
    "分录": (Entry, "pk"),
    "账户": (Account, "pk"),
    "支出凭证": (Entry, "pk"),
    "支出": (Expense, "pk"),
    "拨款凭证": (Entry, "pk"),
    "拨款": (Payment, "pk"),
    "付款凭证": (Entry, "pk"),
    "付款明细": (Transfer, "pk"),
    "申领": (Claim, "pk"),
    LISTS: (Payout, "number"),
}
#: Whose chain it is, by the middle of its name.
CHAINS: dict[str, Any] = {"academy": Academy, "fund": Fund}


def breaks_within_reach(found: Iterable[Broken | Break], user: User, most: int) -> list[str]:
    """The first ``most`` of those about rows or chains that ``user`` may see, in words."""
    said: list[str] = []
    for one in islice(found, MOST_LOOKED_AT):
        if len(said) == most:
            break
        if _is_within_reach(one, user):
            said.append(str(one))
    return said


def _is_within_reach(one: Broken | Break, user: User) -> bool:
    if isinstance(one, Broken):
        model, field = ROWS[one.what]
        return model.objects.visible_to(user).filter(**{field: one.number}).exists()
    _, kind, key = [*one.chain.split(":"), "", ""][:3]
    if kind not in CHAINS or not key.isdecimal():
        return False
    return CHAINS[kind].objects.visible_to(user).filter(pk=key).exists()
