"""审计报告 and 审计底稿."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from pages.documents.paper import Grid, Paper
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.models import Engagement, Finding, Sample
    from audits.models import Paper as WorkingPaper


def report_of(
    engagement: Engagement,
    samples: Sequence[Sample],
    papers: Sequence[WorkingPaper],
    findings: Sequence[Finding],
) -> Paper:
    """What was audited and how, what was found, what came of it; a draft until it is put in force."""
    is_final = engagement.state != engagement.State.OPEN
    fund = engagement.fund
    return Paper(
        title="审计报告" if is_final else "审计报告（征求意见稿）",
        issuer=f"{engagement.organization.name}经费审查委员会",
        subject=subject_of(engagement),
        facts=[
            ("审计文号", engagement.number),
            ("审计项目", engagement.title),
            ("审计对象", f"{fund.organization.name}{fund}"),
            ("目标与范围", engagement.scope or "资金拨付、使用的真实、合规、效益"),
            ("抽样", "；".join(map(_drawn, samples)) or "未抽样"),
            ("底稿", f"{len(papers)}份，涉及金额{sum(p.expense.amount for p in papers):,.2f}元"),
            ("审计发现", _sums(findings)),
        ],
        words=[engagement.conclusion] if engagement.conclusion else [],
        tables=[
            Grid(
                "审计发现及整改情况",
                ("序号", "学院、类型", "事实与依据", "处理意见", "金额（元）", "整改情况"),
                (1, 3, 6, 4, 3, 3),
                [_finding(row) for row in findings],
            )
        ]
        if findings
        else [],
        signatures=[("主审", str(engagement.led_by)), ("报告人", str(engagement.reported_by or "")),
                    ("日期", _day(engagement.reported_at))],
    )  # fmt: skip


def working_paper_of(paper: WorkingPaper) -> Paper:
    """One expense: what the books say, what was compared, what was seen, by whom, reviewed by whom."""
    expense, engagement = paper.expense, paper.engagement
    return Paper(
        title="审计工作底稿",
        issuer=f"{engagement.organization.name}经费审查委员会",
        subject=subject_of(paper),
        facts=[
            ("审计项目", f"{engagement.number}　{engagement.title}"),
            ("学院", expense.academy.name),
            ("资金", str(expense.fund)),
            ("凭证号、日期", f"{expense.voucher}　{expense.spent_on}"),
            ("用途、项目", f"{expense.use_title}　{expense.project}"),
            ("收款单位", expense.payee),
            ("发票", f"{expense.invoice_code} {expense.invoice_number}".strip()),
            ("金额", f"{expense.amount:,.2f}元"),
            ("摘要", expense.summary or "—"),
            ("记账凭证", f"第{expense.entry.sequence}号　{expense.entry.digest[:16]}"),
            ("抽取方式", _drawn(paper.sample) if paper.sample else "审计人员选取"),
            ("核对标记", "；".join(paper.mark_words) or "—"),
            ("查证情况", paper.seen or "—"),
            ("审计发现", _of_paper(paper.finding)),
            ("复核意见", paper.opinion or "—"),
        ],
        signatures=[
            ("编制人", f"{paper.prepared_by or ''}　{_day(paper.prepared_at)}"),
            ("复核人", str(paper.reviewed_by or "")),
        ],
    )


def _drawn(sample: Sample) -> str:
    where = sample.academy.name if sample.academy else "全部学院"
    return (
        f"{where}{sample.get_method_display()}{sample.size}笔（总体{sample.population}笔、"
        f"{sample.total:,.2f}元，种子{sample.seed}）"
    )


def _of_paper(finding: Finding | None) -> str:
    if finding is None:
        return "无"
    withdrawn = f"（{_withdrawn(finding)}）" if finding.is_withdrawn else ""
    return f"{finding}：{finding.fact}{withdrawn}"


def _sums(findings: Sequence[Finding]) -> str:
    """Of what stands: nothing is demanded by a finding that was taken back."""
    standing = [f for f in findings if not f.is_withdrawn]
    about, back = sum(f.amount for f in standing), sum(f.refund for f in standing)
    withdrawn = len(findings) - len(standing)
    besides = f"；另撤销{withdrawn}项" if withdrawn else ""
    return f"{len(standing)}项，涉及{about:,.2f}元，应退回{back:,.2f}元{besides}"


def _withdrawn(row: Finding) -> str:
    return f"已撤销，不要求整改和退款；撤销事由：{row.doubt}"


def _finding(row: Finding) -> list[str]:
    item = row.rectification
    back = ""
    if row.is_owed or row.returned_id:
        back = "；款项已退回" if row.returned_id else f"；待退回{row.refund:,.2f}元"
    state = item.get_state_display() if item else row.get_state_display()
    if row.is_withdrawn:
        state = _withdrawn(row)
    return [
        str(row.number),
        f"{row.academy.name}　{row.get_kind_display()}",
        f"{row.fact}（{row.basis}）",
        row.advice,
        f"{row.amount:,.2f}",
        f"{state}{back}",
    ]


def _day(moment: object) -> str:
    return f"{timezone.localtime(moment):%Y年%-m月%-d日}" if moment else ""  # type: ignore[arg-type]
