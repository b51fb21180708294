"""Marking sheets for judges who write on paper: a page for each work, with the code that opens its typing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pages.documents import printed
from talents.documents.certificates import code_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from competitions.models import Aspect, Entry, Item

TEMPLATE = Path(__file__).with_name("sheets.typ")


def sheets_pdf(
    item: Item,
    seat: int,
    works: Sequence[Entry],
    aspects: Sequence[Aspect],
    address_of: Callable[[Entry], str],
) -> bytes:
    """The sheets of one seat; ``address_of`` is where a work's sheet is typed. No names on them."""
    content: dict[str, Any] = {
        "contest": item.competition.name,
        "item": item.name,
        "seat": seat,
        "sheets": [
            {"number": work.work_code, "code": code_svg(address_of(work))} for work in works
        ],
        "aspects": [
            {
                "module": aspect.module,
                "code": aspect.code,
                "title": aspect.title,
                "standard": aspect.standard,
                "method": aspect.get_method_display(),
                "most": f"{aspect.ceiling.normalize():f}",
                "benchmarks": [f"{n}：{words}" for n, words in enumerate(aspect.benchmarks)],
            }
            for aspect in aspects
        ],
    }
    return printed(TEMPLATE, content)
