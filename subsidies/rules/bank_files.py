"""The file that the bank pays by: the same transfers always give the same bytes, fixed by a digest."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

from workflow.storage import vault
from workflow.texts.cells import safe_text

if TYPE_CHECKING:
    from subsidies.models import Payout

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
