"""What a year's contests came to along each chain, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.documents.paper import Grid, Paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from competitions.selectors.figures import Figures

HEADINGS = ("产业链", "竞赛（场）", "参赛（人次）", "晋升（人）", "说明")


def figures_paper(rows: Sequence[Figures], year: int, issuer: str) -> Paper:
    """One line a chain, the last for all of them."""
    lines = [
        (
            row.chain,
            str(row.contests),
            str(row.participations),
            str(row.promotions),
            "" if row.is_listed else "未列入清单",
        )
        for row in rows
    ]
    return Paper(
        title=f"{year}年职业技能竞赛统计",
        issuer=issuer,
        subject="competitions.competition:0",
        facts=[
            ("年度", f"{year}年"),
            ("口径", "已发布的竞赛；参赛计在册人次；晋升计已登记证书的人数"),
        ],
        tables=[Grid("按产业链", HEADINGS, (4, 2, 2, 2, 2), lines)],
    )
