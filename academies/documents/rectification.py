"""整改通知书 and 整改销号单."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from pages.documents.paper import Grid, Paper
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from academies.models import Evaluation, Rectification
    from organizations.models import Organization


def notice_of(row: Evaluation, items: Iterable[Rectification], issuer: Organization) -> Paper:
    """What is to be put right, until when, and what stops until then; ``issuer`` evaluated it."""
    rows = [[str(item.number), item.problem, _day(item.due_on)] for item in items]
    is_void = row.grade != row.Grade.FAILED
    until = f"，期限至{_day(row.due_on)}" if row.due_on else ""
    graded = f"“{row.get_grade_display()}”（评价日期{_day(row.evaluated_on)}）"
    words = [
        f"经审核评价，你院{row.year}年度评价结果为{graded}。根据补助资金管理办法，现责令整改{until}。",
        "整改完成以前，暂停拨付补助资金；连续两次审核评价不合格的，不再拨付补助资金。",
    ]
    if row.demand:
        words.insert(1, f"整改要求：{row.demand}。")
    if is_void:
        words = [_no_longer(row), "本通知书作废，不要求整改，不影响拨付。"]
    return Paper(
        title="整改通知书（已作废）" if is_void else "整改通知书",
        issuer=issuer.name,
        subject=subject_of(row),
        addressee=row.academy.name,
        words=words,
        tables=[Grid("整改事项", ("序号", "问题", "期限"), (1, 7, 3), rows)] if rows else [],
        signatures=[("签发单位（盖章）", issuer.name), ("签收人", ""), ("日期", "")],
    )


def sheet_of(row: Evaluation, items: Iterable[Rectification], issuer: Organization) -> Paper:
    """Item by item: how it was put right, who proved it, who looked again and found what."""
    is_done, is_void = row.closed_on is not None, row.grade != row.Grade.FAILED
    ended = _day(row.closed_on) if is_done else "未完成，暂停拨付补助资金"
    title = "整改销号单" if is_done else "整改台账（未销号）"
    return Paper(
        title="整改台账（已作废）" if is_void else title,
        issuer=issuer.name,
        subject=subject_of(row),
        facts=[
            ("学院", row.academy.name),
            ("评价年度", f"{row.year}年度　{row.get_grade_display()}"),
            ("整改要求", row.demand or "见整改事项"),
            ("整改期限", "无" if is_void else _day(row.due_on)),
            ("整改完成", f"{_no_longer(row)}，不要求整改，不影响拨付" if is_void else ended),
        ],
        tables=_closings(items),
        signatures=[("学院负责人", ""), ("复核人", ""), ("评价单位（盖章）", issuer.name)],
    )


def _no_longer(row: Evaluation) -> str:
    """That what was demanded of a failed year is demanded no more, its grade being another one."""
    return f"{row.year}年度审核评价等次现为“{row.get_grade_display()}”"


def notice_after_audit(item: Rectification) -> Paper:
    """What an audit found and is to be put right, until when, and what stops until then."""
    academy, is_dropped = item.whose, item.state == item.State.DROPPED
    dropped = ["该项审计发现已经撤销，本通知书作废，不要求整改，不影响拨付。"]
    return Paper(
        title="整改通知书（已撤销）" if is_dropped else "整改通知书",
        issuer=academy.supervising_union.name,
        subject=subject_of(item),
        addressee=academy.name,
        words=dropped
        if is_dropped
        else [
            f"经审计（{item.origin}），你院补助资金管理使用中存在下列问题，现责令整改，期限至{_day(item.due_on)}。",
            "整改销号以前，暂停拨付补助资金。",
        ],
        tables=[
            Grid(
                "整改事项",
                ("序号", "问题", "期限"),
                (1, 7, 3),
                [[str(item.number), item.problem, _day(item.due_on)]],
            )
        ],
        signatures=[("签发单位（盖章）", ""), ("签收人", ""), ("日期", "")],
    )


def sheet_after_audit(item: Rectification) -> Paper:
    """How what an audit found was put right, who proved it, who looked again and found what."""
    academy, is_done = item.whose, item.state == item.State.CLOSED
    is_open = item.state not in item.DONE
    ended = f"{item.get_state_display()}（{_moment(item.checked_at)}）"
    return Paper(
        title="整改销号单" if is_done else f"整改台账（{'未销号' if is_open else '已撤销'}）",
        issuer=academy.supervising_union.name,
        subject=subject_of(item),
        facts=[
            ("学院", academy.name),
            ("审计发现", item.origin),
            ("整改期限", _day(item.due_on)),
            ("销号", "未销号，暂停拨付补助资金" if is_open else ended),
        ],
        tables=_closings([item]),
        signatures=[("学院负责人", ""), ("复核人", str(item.checked_by or "")), ("日期", "")],
    )


def _closings(items: Iterable[Rectification]) -> list[Grid]:
    heads = ("序号", "问题", "责任人及措施", "完成情况（填报人）", "复核意见（复核人）", "状态")
    rows = [
        [
            str(item.number),
            item.problem,
            f"{item.owner}：{item.measure}" if item.owner else "",
            _said(item.proof, item.proved_by, item.proved_at),
            _said(item.finding, item.checked_by, item.checked_at),
            item.get_state_display(),
        ]
        for item in items
    ]
    return [Grid("整改事项", heads, (1, 4, 4, 5, 5, 2), rows)] if rows else []


def _said(words: str, who: object, moment: object) -> str:
    """What was said, by whom and when; "" while nobody said anything."""
    return f"{words}（{who} {_moment(moment)}）" if who else words


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _moment(moment: object) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""  # type: ignore[arg-type]
