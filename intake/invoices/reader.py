"""Asking the bounded process what an electronic invoice says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from intake.spreadsheets.bounded import bounded, descriptor, seat
from intake.spreadsheets.frames import FACTS
from intake.spreadsheets.limits import Limits
from workflow.models import Attachment
from workflow.refusals import DomainError

MOST_BYTES = 5 << 20
#: An invoice is small; what needs more is none.
LIMITS = Limits(memory_bytes=768 << 20, cpu_seconds=10, waiting_seconds=15.0)


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What an invoice says of itself; None or "" where it does not."""

    number: str
    issued_on: date | None
    amount: Decimal | None
    seller: str


def kind_of(content: bytes) -> str:
    """Which kind of attachment a file is that was read as an invoice."""
    if content.startswith(b"%PDF"):
        return Attachment.Kind.PDF
    return Attachment.Kind.OFD if content.startswith(b"PK") else Attachment.Kind.XML


def read_invoice(content: bytes) -> InvoiceFacts:
    """Number, day, sum and seller of an XML, OFD or PDF invoice; refused where there is no number."""
    if len(content) > MOST_BYTES:
        raise DomainError("invoice-too-large", "电子发票文件不应超过5MB，请上传税务平台下载的原件")
    with (
        seat(),
        descriptor(content) as file,
        bounded("intake.invoices.child", {}, files={"path": file}, limits=LIMITS) as frames,
    ):
        said = json.loads(frames.expect(FACTS))
    try:
        day = date.fromisoformat(said["issued_on"]) if said["issued_on"] else None
    except ValueError:
        day = None
    amount = Decimal(said["amount"]) if said["amount"] else None
    return InvoiceFacts(said["number"], day, amount, said["seller"])
