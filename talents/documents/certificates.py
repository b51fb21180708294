"""The certificate on paper, with the code that leads to its page; the same code for that page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
    content = {
        "number": honour.certificate_number,
        "name": honour.person.name,
        "unit": honour.unit,
        "trade": honour.trade,
        "title": honour.title,
        "occasion": honour.occasion,
        "year": honour.year,
        "document": honour.document_number,
        "organization": honour.organization.name,
        "day": chinese_day(honour.named_on),
        "revoked": chinese_day(honour.revoked_on) if honour.revoked_on else "",
        "address": address,
        "code": code_svg(address),
    }
    return printed(TEMPLATE, content)
