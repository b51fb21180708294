"""The file that the bank pays by, and the list of it on paper."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

from pages.documents.paper import Grid, Paper
from subsidies.models.funds import NOTHING
from workflow.records import subject_of
from workflow.storage import vault
from workflow.texts.cells import safe_text

if TYPE_CHECKING:
    from decimal import Decimal

    from subsidies.models import Payout, Transfer

HEADINGS = ("序号", "收款人", "收款账号", "开户行", "金额（元）", "用途", "业务参考号")


def bank_file(payout: Payout) -> bytes:
    """One line for each transfer, as UTF-8 CSV; the same transfers always give the same bytes."""
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\r\n")
    written.writerow(HEADINGS)
    purpose = payout.get_line_display()
    for row in payout.transfers.order_by("position"):
        account = vault.decrypt(row.account_cipher).decode()
        written.writerow(
            [row.position, safe_text(row.payee), account, safe_text(row.bank), f"{row.amount:.2f}",
             purpose, f"{payout.number}-{row.position:04}"]
        )  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def payout_paper(payout: Payout) -> Paper:
    """The list with who drew it up and who signed it; accounts by their last digits."""
    rows = payout.transfers.select_related("claim").order_by("position")
    lines = [
        [
            str(row.position),
            row.payee,
            f"{row.bank} {row.account_mask}",
            row.claim.title if row.claim else "",
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
