"""The reading process: one invoice in, what it says out. Imports nothing of Django.

Started by ``reader``, bounded like the process that reads workbooks; of what is in the file only text
leaves it.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

import pypdf
from defusedxml import ElementTree

from intake.spreadsheets.confinement import serve
from intake.spreadsheets.frames import FACTS, frame
from intake.spreadsheets.refusal import Refusal

#: What each fact is called in XML files of the tax authority and in OFD, the surest first.
NAMES = {
    "number": ("InvoiceNumber", "InvoiceNo", "EIid", "发票号码"),
    "issued_on": ("IssueTime", "IssueDate", "RequestTime", "开票日期"),
    "amount": ("TotalTax-includedAmount", "TaxInclusiveTotalAmount", "价税合计"),
    "seller": ("SellerName", "销售方名称"),
}
#: Where a file gives the sum only in two parts.
PARTS = ("合计金额", "合计税额")
PRINTED = {
    "number": re.compile(r"发票号码\s*[:：]?\s*(\d{20}|\d{8})(?!\d)"),
    "issued_on": re.compile(r"开票日期\s*[:：]?\s*(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2})"),
    "amount": re.compile(r"[(（]\s*小写\s*[)）]\s*[¥￥]?\s*([\d,]+\.\d\d)"),
}
#: Buyer and seller are printed side by side; the second name is the seller's.
PARTIES = re.compile(r"名称\s*[:：]\s*(\S{2,60})")
DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")
MOST_MEMBERS, MOST_BYTES, MOST_PAGES = 200, 8 << 20, 10


def read(task: dict[str, Any], out: BinaryIO) -> None:
    """Send number, day, sum and seller, as far as the file names them."""
    with open(task["path"], "rb") as file:  # noqa: PTH123 - a descriptor's path
        content = file.read()
    said = facts_of(content)
    if not said.get("number"):
        raise Refusal(
            "invoice-unreadable",
            "文件里没有找到发票号码：请上传税务数字账户下载的 XML、OFD 或 PDF 原件，不要上传照片或扫描件",
        )
    out.write(frame(FACTS, json.dumps(said)))


def facts_of(content: bytes) -> dict[str, str]:
    """What an invoice of any of the three kinds says; the kind is told by its content."""
    if content.startswith(b"%PDF"):
        found = _printed(content)
    elif content.startswith(b"PK"):
        found = _named(pair for part in _members(content) for pair in _elements(part))
    else:
        found = _named(_elements(content))
    return _plain(found)


def _members(content: bytes) -> Iterator[bytes]:
    """The XML parts of an OFD file; a bomb is refused by what it says it unpacks to."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = [part for part in book.infolist() if part.filename.lower().endswith(".xml")]
            if len(parts) > MOST_MEMBERS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise Refusal("invoice-unreadable", "文件内部过大，不是电子发票")
            for part in parts:
                yield book.read(part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _damaged() from error


def _elements(content: bytes) -> Iterator[tuple[str, str]]:
    """Every element's name and text, a custom one's by the name it is given."""
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except (ElementTree.ParseError, ValueError) as error:
        raise _damaged() from error
    for element in root.iter():
        name = element.get("Name") or str(element.tag).rpartition("}")[2]
        if text := (element.text or "").strip():
            yield name, text


def _named(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for name, text in pairs:
        known.setdefault(name, text)
    found = {
        fact: next((known[name] for name in names if name in known), "")
        for fact, names in NAMES.items()
    }
    if not found["amount"] and all(part in known for part in PARTS):
        sums = [_sum(known[part]) for part in PARTS]
        found["amount"] = "" if None in sums else str(sum(filter(None, sums)))
    return found


def _printed(content: bytes) -> dict[str, str]:
    try:
        pages = pypdf.PdfReader(io.BytesIO(content)).pages[:MOST_PAGES]
        text = "\n".join(page.extract_text() for page in pages)
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged() from error
    found = {fact: (m[1] if (m := shape.search(text)) else "") for fact, shape in PRINTED.items()}
    parties = PARTIES.findall(text)
    return found | {"seller": parties[1] if len(parties) > 1 else ""}


def _plain(found: dict[str, str]) -> dict[str, str]:
    """Digits of the number, the day as ISO, the sum with two decimals; what is none of these is left out."""
    day, amount = DAY.search(found["issued_on"]), _sum(found["amount"])
    return {
        "number": "".join(re.findall(r"[0-9]", found["number"]))[:20],
        "issued_on": "{}-{:0>2}-{:0>2}".format(*day.groups()) if day else "",
        "amount": "" if amount is None else f"{amount:.2f}",
        "seller": found["seller"][:120],
    }


def _sum(text: str) -> Decimal | None:
    try:
        amount = Decimal(re.sub(r"[¥￥,\s]", "", text))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal(10) ** 14 else None


def _damaged() -> Refusal:
    return Refusal("invoice-unreadable", "文件已损坏，或者不是电子发票；请重新下载原件")


if __name__ == "__main__":
    serve(read)
