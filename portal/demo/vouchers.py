"""Originals of the demo's expenses: drawn invoices beside the figures, one of them used for two expenses."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn as fonts
from django.db.models import Q
from PIL import Image

from organizations.models import User
from portal.demo.money import ODD
from subsidies.models import Evidence, Expense
from subsidies.services.evidence import add_evidence
from talents.services.scans import Scan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

TEMPLATE = Path(__file__).with_name("voucher.typ")
#: Points an inch of a scan; and how the same sheet was saved when it was handed in again.
SHARPNESS, SMALLER, QUALITY = 96, 0.9, 70


def load() -> int:
    """How many originals there are now; a second call changes nothing.

    Whatever an audit looks at has one, and of the odd purchases the second was proved by the invoice of
    the first, saved anew.
    """
    if not Evidence.objects.exists():
        odd = Q(academy__code=ODD, summary="设备租赁", fund__year=2025)
        rows = Expense.objects.filter(odd | Q(papers__isnull=False), red__isnull=True).distinct()
        _hand_in(rows.select_related("academy").order_by("pk"))
    return Evidence.objects.count()


def _hand_in(rows: Iterable[Expense]) -> None:
    drawn: dict[tuple[str, Decimal], bytes] = {}
    for row in rows:
        bill = row.payee, row.amount
        if bill in drawn:
            scan = Scan(_saved_anew(drawn[bill]), f"{row.voucher}.jpg")
        else:
            drawn[bill] = _drawn(row)
            scan = Scan(drawn[bill], f"{row.voucher}.png")
        add_evidence(row.pk, Evidence.Kind.INVOICE, scan, actor=User.objects.system())


def _drawn(row: Expense) -> bytes:
    import typst  # noqa: PLC0415 - a compiler of 30 MB that only this needs

    said = {
        "number": row.invoice_number, "day": f"{row.spent_on:%Y年%m月%d日}", "academy": row.academy.name,
        "payee": row.payee, "summary": row.summary or row.use_title, "amount": f"{row.amount:,.2f}",
        "voucher": row.voucher, "use": row.use_title,
    }  # fmt: skip
    compiler = typst.Compiler(
        input=str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=[str(fonts.sans_path().parent)],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(said, ensure_ascii=False)},
    )
    page = compiler.compile(format="png", ppi=SHARPNESS)
    if not isinstance(page, bytes):
        raise TypeError("typst was asked for one page")
    return page


def _saved_anew(content: bytes) -> bytes:
    sheet, out = Image.open(io.BytesIO(content)).convert("L"), io.BytesIO()
    sheet.thumbnail((int(sheet.width * SMALLER), sheet.height))
    sheet.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
