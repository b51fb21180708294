"""The copy of one's own file, for the person it is about (个人信息保护法第四十五条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.documents.paper import Grid, Paper
from workflow.records import subject_of

if TYPE_CHECKING:
    from talents.selectors.attainments import Attainments
    from talents.selectors.own import OwnFile

WORDS = (
    "本件为匠阶工作平台登记的本人信息副本，供本人查阅、复制；号码与账号以掩码显示。",
    "认为内容不准确、不完整的，请向推荐单位或主管工会提出更正。",
)


def copy_of(file: OwnFile) -> Paper:
    """Everything the page shows, on paper."""
    return Paper(
        title="个人信息副本",
        issuer=file.person.organization.name,
        subject=subject_of(file.person),
        words=WORDS,
        facts=[(fact["label"], fact["value"]) for fact in file.facts],
        tables=[grid_of(kind) for kind in file.kinds],
    )


def grid_of(kind: Attainments) -> Grid:
    """One table of attainments on paper."""
    return Grid(
        kind.title,
        ("名称", "日期", *kind.headings),
        (4, 2, *(3 for _ in kind.headings)),
        [(row.title, f"{row.on:%Y-%m-%d}" if row.on else "—", *row.words) for row in kind.found],
    )
