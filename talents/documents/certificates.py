"""The certificate on paper, with the code that leads to its page; the same code for that page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import qrcode
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage

from pages.documents import printed
from policies.wording import chinese_day

if TYPE_CHECKING:
    from talents.models import Honour

TEMPLATE = Path(__file__).with_name("certificate.typ")


def code_svg(address: str) -> SafeString:
    """A picture of ``address`` that telephones read."""
    drawn = qrcode.make(address, image_factory=SvgPathImage, border=2)
    return mark_safe(drawn.to_string(encoding="unicode"))  # noqa: S308 - drawn here, holds no text


def certificate_pdf(honour: Honour, address: str) -> bytes:
    """The certificate as PDF; ``address`` is the page that proves it."""
    return proved_pdf(certificate_content(honour), address)


def certificate_content(honour: Honour) -> dict[str, Any]:
    """What stands on it: of a title that it was given, of cultivation that it ended well."""
    content: dict[str, Any] = {
        "number": honour.certificate_number,
        "addressee": f"{honour.person.name} 同志",
        "you": "您",
        "unit": honour.unit,
        "trade": honour.trade,
        "title": honour.title,
        "occasion": honour.occasion,
        "year": honour.year,
        "document": honour.document_number,
        "organization": honour.organization.name,
        "day": chinese_day(honour.named_on),
        "revoked": f"{'本证书' if honour.is_cultivated else '本称号'}已于{chinese_day(honour.revoked_on)}撤销，本证书不再有效。"
        if honour.revoked_on
        else "",
    }
    if honour.is_cultivated:
        content["heading"] = "合格证书"
        content["said"] = f"经{honour.organization}期满评价合格，完成{honour.occasion}。特发此证。"
    return content


def proved_pdf(content: dict[str, Any], address: str) -> bytes:
    """Any certificate in the same design, with the code of the page that proves it."""
    return printed(TEMPLATE, content | {"code": code_svg(address)})
