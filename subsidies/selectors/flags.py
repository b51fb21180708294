"""Red flags within reach, with the expenses they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from academies.models import Academy
from subsidies.models import Claim
from subsidies.rules.flags import FLAGS, Flag, Hit, hits
from subsidies.rules.shared_accounts import is_shared
from subsidies.selectors.money import evidence_in_scope, expenses_in_scope

if TYPE_CHECKING:
    from organizations.models import User
    from subsidies.models import Expense

#: What is compared of two expenses, in the order in which it is read.
COMPARED = (
    ("学院", lambda row: row.academy.name),
    ("资金", lambda row: str(row.fund)),
    ("日期", lambda row: f"{row.spent_on:%Y-%m-%d}"),
    ("金额（元）", lambda row: f"{row.amount:,.2f}"),
    ("收款单位", lambda row: row.payee),
    ("发票号码", lambda row: row.invoice_number),
    ("发票代码", lambda row: row.invoice_code),
    ("用途类别", lambda row: row.use_title),
    ("摘要", lambda row: row.summary),
)


@dataclass(frozen=True, slots=True)
class Raised:
    """One kind of flag with its hits."""

    flag: Flag
    hits: list[Hit]


def flags_raised(user: User) -> list[Raised]:
    """Every kind of flag with what raised it, one statement each."""
    academies = list(Academy.objects.visible_to(user).values_list("pk", flat=True))
    shared = Claim.objects.visible_to(user).filter(is_shared()).values_list("pk", flat=True)
    claims = list(shared)
    return [Raised(flag, hits(flag, academies, claims)) for flag in FLAGS]


def with_rows(raised: Raised, user: User, most: int) -> dict[str, Any]:
    """The first hits of a kind with academy and expenses, for a page."""
    shown = raised.hits[:most]
    names = Academy.objects.visible_to(user).in_bulk(
        {hit.academy_id for hit in shown if hit.academy_id}
    )
    wanted = {pk for hit in shown for pk in hit.expenses}
    rows = expenses_in_scope(user).in_bulk(wanted)
    return {
        "flag": raised.flag,
        "count": len(raised.hits),
        "hits": [
            {
                "academy": names.get(hit.academy_id or 0),
                "words": hit.words,
                "amount": hit.amount,
                "expenses": [rows[pk] for pk in hit.expenses if pk in rows],
                "accounts": hit.accounts,
                "claims": hit.claims,
            }
            for hit in shown
        ],
    }


def compared(pair: list[Expense], user: User) -> dict[str, Any]:
    """Two expenses line by line, and the originals of each, for a page."""
    originals = list(evidence_in_scope(user).filter(expense__in=pair).order_by("pk"))
    lines = [(title, [said(row) for row in pair]) for title, said in COMPARED]
    return {
        "sides": [
            {"expense": row, "evidence": [one for one in originals if one.expense_id == row.pk]}
            for row in pair
        ],
        "lines": [
            {"title": title, "values": values, "is_same": values[0] == values[1] != ""}
            for title, values in lines
            if any(values)
        ],
    }
