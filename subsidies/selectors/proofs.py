"""What does not hold of the ledger, of that what a reader may see."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from academies.models import Academy
from organizations.models import User
from subsidies.models import Account, Claim, Entry, Expense, Fund, Payment, Payout, Transfer
from subsidies.permissions import proves_everywhere
from subsidies.rules.proofs import LISTS, Broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workflow.records.chains import Break

#: So many are looked at in one statement for each kind of row.
AT_ONCE = 500
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


def breaks_within_reach(found: Sequence[Broken | Break], user: User, most: int) -> list[str]:
    """The first ``most`` of those about rows or chains that ``user`` may see, in words.

    What is of no row that is left, and so of no body, is for those at the root.
    """
    return [str(one) for one in islice(_within_reach(found, user), most)]


def _within_reach(found: Sequence[Broken | Break], user: User) -> Iterator[Broken | Break]:
    sees_the_gone = proves_everywhere(user)
    for start in range(0, len(found), AT_ONCE):
        some = [(one, *_row_of(one)) for one in found[start : start + AT_ONCE]]
        seen = _seen_of(some, user)
        left = _seen_of(some, User.whole_house()) if sees_the_gone else set()
        for one, of, key in some:
            if (of, key) in seen or (sees_the_gone and (of, key) not in left):
                yield one


def _row_of(one: Broken | Break) -> tuple[tuple[Any, str] | None, str]:
    """The model and field that tell the row it is about, and the value; None where it names none."""
    if isinstance(one, Broken):
        return ROWS[one.what], f"{one.number}"
    _, kind, key = [*one.chain.split(":"), "", ""][:3]
    return ((CHAINS[kind], "pk") if kind in CHAINS and key.isdecimal() else None), key


def _seen_of(rows: Sequence[tuple[Any, Any, str]], user: User) -> set[tuple[Any, str]]:
    """Those that are there and that ``user`` may see."""
    keys: dict[Any, set[str]] = {}
    for _, of, key in rows:
        if of is not None:
            keys.setdefault(of, set()).add(key)
    return {
        (of, f"{value}")
        for of, wanted in keys.items()
        for value in of[0]
        .objects.visible_to(user)
        .filter(**{f"{of[1]}__in": wanted})
        .values_list(of[1], flat=True)
    }
