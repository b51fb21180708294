"""The list that the bank pays by, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.documents.paper import Grid, Paper
from subsidies.models.funds import NOTHING
from workflow.records import subject_of

if TYPE_CHECKING:
    from decimal import Decimal

    from subsidies.models import Payout, Transfer


def payout_paper(payout: Payout) -> Paper:
    """The list with who drew it up and who signed it; accounts by their last digits."""
    rows = payout.transfers.select_related("claim", "payment__grant__fund").order_by("position")
    lines = [
        [
            str(row.position),
            row.payee,
            f"{row.bank} {row.account_mask}",
            row.matter,
            *(f"{each:,.2f}" for each in _sums(row)),
        ]
        for row in rows
    ]
    total = sum((row.amount for row in rows), NOTHING)
    return Paper(
        title=f"{payout.get_line_display()}付款清单",
        issuer=payout.fund.organization.name,
        subject=subject_of(payout),
        facts=[
            ("清单编号", payout.number),
            ("资金", str(payout.fund)),
            ("状态", payout.get_state_display()),
            ("笔数与金额", f"{len(lines)}笔，实发合计{total:,.2f}元"),
            ("银行文件摘要值", payout.digest[:32]),
            ("", payout.digest[32:]),
        ],
        tables=[
            Grid(
                "付款明细",
                ("序号", "收款人", "开户行与账号", "事由", "应发", "扣税", "实发"),
                (1, 2, 5, 4, 3, 2, 3),
                lines,
            )
        ],
        signatures=[
            ("制单", str(payout.drawn_by or "")),
            ("复核", str(payout.signed_by or "")),
            ("日期", ""),
        ],
    )


def _sums(row: Transfer) -> tuple[Decimal, Decimal, Decimal]:
    """What somebody is due, the tax of it, and what is transferred."""
    if row.claim is None:
        return row.amount, NOTHING, row.amount
    return row.claim.gross, row.claim.tax, row.claim.net
