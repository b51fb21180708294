"""首都工匠学院审核评价自评表."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from pages.documents.paper import Grid, Paper
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academies.models import PhoneCheck, Review, ReviewEvidence, TrainingReport
    from academies.services.calls import Calls


def self_assessment_of(
    review: Review,
    evidence: Sequence[ReviewEvidence],
    reports: Sequence[TrainingReport],
    corrected: Sequence[PhoneCheck],
    calls: Calls,
) -> Paper:
    """Item by item: what was counted, the academy's own score and words, and the files behind them.

    And how the year's training reports came in, what came of the ``calls``, and of those ``corrected``
    what was said first.
    """
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
            *([("评定等次", review.evaluation.get_grade_display())] if review.evaluation else []),
            *([("电话抽查", calls.words)] if calls.drawn else []),
            *([("电话抽查未达比例", review.calls_short)] if review.calls_short else []),
            *([("专家评分", review.panel)] if review.evaluation and review.panel else []),
            *([("高于建议等次", review.lifting)] if review.lifting else []),
            *([("评定理由", review.reason)] if review.evaluation and review.reason else []),
            *([("异议及答复", f"{review.objection}；{review.answer}")] if review.answer else []),
            *([("因异议改变等次", review.regrading)] if review.regrading else []),
        ],
        tables=[
            Grid("评价项目", ("项目", "分值", "统计数（由记录计出）", "自评分", "说明及佐证"), (3, 1, 5, 2, 5), rows),
            *([_reports(reports)] if reports else []),
            *([_files(evidence)] if evidence else []),
            *([_corrected(corrected)] if corrected else []),
        ],
        signatures=[("学院负责人", ""), ("学院（盖章）", ""), ("主管工会（盖章）", "")],
    )  # fmt: skip


def _reports(reports: Sequence[TrainingReport]) -> Grid:
    rows = [
        [
            row.title,
            f"{row.due_on}",
            row.get_state_display(),
            row.punctuality or "—",
            f"{row.returns}次",
            row.accepted_digest[:12] or "—",
        ]
        for row in reports
    ]
    heads = ("报送期", "期限", "状态", "及时", "退回", "接收的摘要值前12位")
    return Grid("本年度培训报送", heads, (3, 3, 2, 3, 2, 4), rows)


def _files(evidence: Sequence[ReviewEvidence]) -> Grid:
    rows = [
        [
            row.item,
            row.file.filename,
            row.told or "—",
            row.validity,
            row.file.sha256[:12],
        ]
        for row in evidence
    ]
    heads = ("项目", "文件", "说明", "有效期至", "摘要值前12位")
    return Grid("佐证材料", heads, (3, 5, 4, 4, 4), rows)


def _corrected(calls: Sequence[PhoneCheck]) -> Grid:
    """By their places alone: whom the calls went to is on no paper."""
    rows = [
        [f"{row.place}", row.corrections, row.get_outcome_display(), f"{row.called_by}"]
        for row in calls
    ]
    heads = ("抽取次序", "此前登记", "现登记", "抽查人")
    return Grid("电话抽查的更正", heads, (2, 8, 2, 3), rows)
