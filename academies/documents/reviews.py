"""首都工匠学院审核评价自评表."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from pages.documents.paper import Grid, Paper
from workflow.records import subject_of

if TYPE_CHECKING:
    from academies.models import Review


def self_assessment_of(review: Review) -> Paper:
    """Item by item: what was counted, the academy's own score and words."""
    academy, year = review.academy, review.campaign.year
    rows = [
        [
            item["name"],
            str(item["weight"]),
            item["counted"] or "—",
            str(item.get("own", "")),
            item.get("words", ""),
        ]
        for item in review.items
    ]
    total = sum(item.get("own", 0) for item in review.items)
    filed = f"{timezone.localtime(review.filed_at):%Y-%m-%d}" if review.filed_at else "未报送"
    return Paper(
        title="审核评价自评表",
        issuer=academy.name,
        subject=subject_of(review),
        facts=[
            ("学院", academy.name),
            ("评价年度", f"{year}年度"),
            ("主管工会", academy.supervising_union.name),
            ("自评合计", f"{total}分"),
            ("自评人、日期", f"{review.filed_by or ''}　{filed}"),
            ("总的说明", review.statement or "—"),
            ("初审意见", review.opinion or "—"),
        ],
        tables=[
            Grid("评价项目", ("项目", "分值", "统计数（由记录计出）", "自评分", "说明及佐证"), (3, 1, 5, 2, 5), rows)
        ],
        signatures=[("学院负责人", ""), ("学院（盖章）", ""), ("主管工会（盖章）", "")],
    )  # fmt: skip
