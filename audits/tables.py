"""The lists of audits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from audits.filters import EngagementFilter, FindingFilter, PaperFilter, SampleFilter
from audits.permissions import may_audit
from audits.selectors.audits import (
    engagements_in_scope,
    findings_in_scope,
    papers_in_scope,
    samples_in_scope,
)
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from audits.models import Engagement

ENGAGEMENT_TONES = {"open": "warn", "reported": "info", "closed": "good"}
PAPER_TONES = {"planned": "info", "done": "warn", "reviewed": "good"}
FINDING_TONES = {"draft": "info", "issued": "bad", "closed": "good", "withdrawn": "info"}


class EngagementTable(Table):
    title, unit, workbook = "审计项目", "个项目", "审计项目"
    filterset, order = EngagementFilter, NEWEST_FIRST
    lead = "按一项资金立项：抽样、底稿、发现、整改、退回款和报告在一条线上。"

    name = Column("项目", path="title", link="audits:engagement", title=True, sub="number")
    fund = Column("资金", value=lambda row: f"{row.fund.organization.name}{row.fund}")
    led_by = Column("主审")
    paper_count = Column("底稿", number=True, unit="份")
    open_papers = Column("未复核", number=True, unit="份")
    finding_count = Column("发现", number=True, unit="项")
    open_findings = Column("未办结", number=True, unit="项")
    state = Column("状态", choice="state", tones=ENGAGEMENT_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return engagements_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_audit.allows(self.user):
            return []
        return [Button("审计立项", reverse("audits:engagement-new"), is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有审计项目", "对一项资金立项后，即可抽样、编制底稿。")


class SampleTable(Table):
    title, unit, filterset, order = "审计抽样", "次抽样", SampleFilter, NEWEST_FIRST

    name = Column("抽样", value=str, link="audits:sample", title=True)
    engagement = Column("审计项目", path="engagement.title")
    academy = Column("学院", path="academy.name", blank="全部学院")
    population = Column("总体", number=True, unit="笔")
    total = Column("总体金额（元）", number=True)
    seed = Column("种子")
    drawn_by = Column("抽样人")

    def rows(self) -> QuerySet[Any]:
        return samples_in_scope(self.user)


class PaperTable(Table):
    """Working papers: all within reach, or those of one ``engagement``."""

    engagement: Engagement | None = None
    title, unit, workbook, heading = "审计底稿", "份", "审计底稿", "审计底稿"
    filterset, order = PaperFilter, OLDEST_FIRST
    nothing_found = Empty("没有符合条件的底稿")

    voucher = Column("凭证号", path="expense.voucher", link="audits:paper", title=True)
    project = Column("审计项目", path="engagement.title")
    academy = Column("学院", path="expense.academy.name")
    spent_on = Column("日期", path="expense.spent_on", css="nowrap", hidden=True, exported=True)
    payee = Column("收款单位", path="expense.payee")
    amount = Column("金额（元）", path="expense.amount", number=True, sort="expense__amount")
    sample = Column(
        "抽取方式",
        value=lambda row: str(row.sample) if row.sample else "选取",
        hidden=True,
        exported=True,
    )
    marks = Column("标记", value=lambda row: "".join(word[0] for word in row.mark_words))
    seen = Column("查证情况", hidden=True, exported=True)
    prepared_by = Column("编制人", hidden=True, exported=True)
    reviewed_by = Column("复核人", hidden=True, exported=True)
    state = Column("状态", choice="state", tones=PAPER_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        rows = papers_in_scope(self.user)
        return rows if self.engagement is None else rows.filter(engagement=self.engagement)

    def has(self, column: Column) -> bool:
        return column.name != "project" or self.engagement is None

    def empty(self) -> Empty:
        return Empty("还没有底稿", "抽样后，每笔样本各有一份底稿。")

    def export_subject(self) -> str:
        return subject_of(self.engagement) if self.engagement else super().export_subject()


class FindingTable(Table):
    title, unit, workbook = "审计发现", "项", "审计发现"
    filterset, order = FindingFilter, NEWEST_FIRST
    lead = "下达后由学院整改，销号前暂停拨付；退款入账后由发现人以外的经审人员办结。"
    nothing_found = Empty("没有符合条件的审计发现")

    fact = Column("事实", link="audits:finding", title=True)
    name = Column("编号", value=str, hidden=True)
    academy = Column("学院", path="academy.name")
    kind = Column("问题类型", choice="kind")
    amount = Column("涉及金额（元）", number=True, sort="amount", hidden=True, exported=True)
    refund = Column("应退回（元）", number=True)
    returned = Column(
        "退回", value=lambda row: "已入账" if row.returned_id else "待退回" if row.is_owed else ""
    )
    rectification = Column("整改", path="rectification.get_state_display", hidden=True)
    due_on = Column("期限", css="nowrap", sort="due_on")
    state = Column("状态", choice="state", tones=FINDING_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return findings_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("没有审计发现")
