"""Marking sheets for judges who write on paper: a page for each work, with the codes that open its typing.

A square for telephones, which opens the page; bars for the scanners of a typing desk, which type what the
list of sheets looks for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from competitions.documents.bars import bars_svg
from competitions.selectors.sheets import sheet_called
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
    return printed(TEMPLATE, sheets_content(item, seat, works, aspects, address_of))


def sheets_content(
    item: Item,
    seat: int,
    works: Sequence[Entry],
    aspects: Sequence[Aspect],
    address_of: Callable[[Entry], str],
) -> dict[str, Any]:
    """What stands on them."""
    return {
        "contest": item.competition.name,
        "item": item.name,
        "seat": seat,
        "sheets": [
            {
                "number": work.work_words,
                "code": code_svg(address_of(work)),
                "scanned": sheet_called(work.work_words, seat),
                "bars": bars_svg(sheet_called(work.work_words, seat)),
            }
            for work in works
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
