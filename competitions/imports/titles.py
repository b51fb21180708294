"""What the title of a marking sheet says about its contest: 2026年行业技能竞赛（市级二类）焊工项目评分汇总."""

from __future__ import annotations

import re
from dataclasses import dataclass

from competitions.models.competitions import CLASSES, LEVELS

_YEAR = re.compile(r"(20[0-9]{2})年")
_KIND = re.compile(r"[(（][^()（）]*[)）]")
_ITEM = re.compile(r"(?:^|[\s)）])([^\s()（）]{1,30}?)(?:项目|赛项)")
_ENDS = re.compile(r"(?:项目|赛项)?\s*(?:评分|成绩)(?:汇总)?表?$|评分$")
_PART = re.compile(r"[A-Z]{1,3}[0-9]{0,3}(?:[.-][0-9]{1,3})*")
_TIES = re.compile(r"(?:总分|成绩)相同(?:的|时|者)?[,，]?(?:依次)?比较?([A-Za-z0-9.、,，和 -]+)")
LONGEST_NAME, LONGEST_ITEM = 120, 60


@dataclass(frozen=True, slots=True)
class Title:
    """A title as read; what it does not say is empty."""

    contest: str
    item: str
    year: int | None
    level: str
    contest_class: str
    #: The aspects that decide between equal totals: （总分相同依次比较B1、A1）.
    ties: tuple[str, ...]


def read_title(text: str) -> Title:
    """The contest and the item a sheet is about, as far as its title tells."""
    year, item = _YEAR.search(text), _ITEM.search(text)
    before = text[: item.start(1)] if item else _ENDS.sub("", text)
    contest = " ".join(_KIND.sub("", before).split())
    return Title(
        contest[:LONGEST_NAME],
        item[1][:LONGEST_ITEM] if item else "",
        int(year[1]) if year else None,
        next((level for level, words in LEVELS if words in text), ""),
        next((kind for kind, words in CLASSES if words in text), ""),
        tuple(_PART.findall(ties[1].upper())) if (ties := _TIES.search(text)) else (),
    )
