"""评审委员会会议纪要: who came, who stood back for whom, and the votes on everybody on the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.documents.paper import Grid, Paper
from policies.wording import chinese_day
from talents.models import PanelDecision
from talents.rules.panels import PanelRule
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import Panel, PanelMember

NOTHING = "—"
Decision = PanelDecision.Decision


def minutes_of(
    panel: Panel, members: Sequence[PanelMember], lines: Sequence[PanelDecision]
) -> Paper:
    """The minutes; a draft is called one until another person confirmed it."""
    present = [one.name for one in members if one.is_present]
    absent = [one.name for one in members if not one.is_present]
    is_final = panel.confirmed_on is not None
    facts = [
        ("会议日期", chinese_day(panel.held_on)),
        ("会议地点", panel.place or NOTHING),
        ("会议纪要编号", panel.minutes_number),
        ("到会委员", f"{len(present)}名：{'、'.join(present)}"),
        ("缺席委员", "、".join(absent) or "无"),
    ]
    if panel.corrects is not None:
        facts.append(("更正", f"更正{panel.corrects.minutes_number}，事由：{panel.reason}"))
    return Paper(
        title="评审委员会会议纪要" if is_final else "评审委员会会议纪要（待确认）",
        issuer=panel.round.organizer.name,
        subject=subject_of(panel),
        words=[
            f"{panel.round.name}评审委员会于{chinese_day(panel.held_on)}召开会议，对{len(lines)}名人选表决。",
            f"{PanelRule.of(panel.round).in_words}。",
            _outcome(lines),
        ],
        facts=facts,
        tables=[_votes(lines), *_recusals(lines)],
        signatures=[
            ("录入", str(panel.entered_by)),
            ("确认", str(panel.confirmed_by) if panel.confirmed_by else ""),
            *((name, "（签名）") for name in present),
        ],
        sheet="a4-across",
    )


def _outcome(lines: Sequence[PanelDecision]) -> str:
    parts = []
    for decision in Decision:
        names = [row.nomination.person.name for row in lines if row.decision == decision]
        parts.append(f"{decision.label}{len(names)}名" + (f"：{'、'.join(names)}" if names else ""))
    return "；".join(parts) + "。"


def _votes(lines: Sequence[PanelDecision]) -> Grid:
    columns = (
        ("次序", 1), ("姓名", 2), ("单位", 5), ("得分", 2), ("名次", 1), ("应投票", 1), ("同意", 1),
        ("不同意", 1), ("弃权", 1), ("决定", 2), ("理由", 5),
    )  # fmt: skip
    rows = [
        [
            str(row.position),
            row.nomination.person.name,
            row.nomination.unit.name,
            f"{row.score:.2f}",
            str(row.rank),
            *map(_figure, (row.voters, row.votes_for, row.votes_against, row.votes_abstain)),
            row.get_decision_display() or NOTHING,
            row.reason or NOTHING,
        ]
        for row in lines
    ]
    heads, widths = [head for head, _ in columns], [width for _, width in columns]
    return Grid("表决结果", heads, widths, rows)


def _recusals(lines: Sequence[PanelDecision]) -> list[Grid]:
    rows = [
        [
            row.nomination.person.name,
            back.member.name,
            back.get_ground_display(),
            back.told or NOTHING,
        ]
        for row in lines
        for back in row.back  # type: ignore[attr-defined]
    ]
    return (
        [Grid("委员回避", ("人选", "回避委员", "缘由", "说明"), (2, 2, 2, 6), rows)] if rows else []
    )


def _figure(value: int | None) -> str:
    return NOTHING if value is None else str(value)
