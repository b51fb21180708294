"""The certificate of a unit's prize on paper, in the design of the titles of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.wording import chinese_day
from talents.documents.certificates import proved_pdf

if TYPE_CHECKING:
    from competitions.models import Award


def unit_certificate_pdf(award: Award, address: str) -> bytes:
    """The certificate as PDF; ``address`` is the page that proves it."""
    item = award.line.board.item
    contest = item.competition
    content = {
        "number": award.certificate_number,
        "addressee": award.name,
        "you": "贵单位",
        "unit": "",
        "trade": "",
        "title": award.get_kind_display(),
        "occasion": f"{contest}{item}项目",
        "year": contest.year,
        "document": award.document_number,
        "organization": contest.organizer.name,
        "day": chinese_day(award.given_on) if award.given_on else "",
        "revoked": "" if award.is_borne_out else "成绩重新公布后，名次已有变化，本证书不再有效。",
    }
    return proved_pdf(content, address)
