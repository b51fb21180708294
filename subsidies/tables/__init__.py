"""The lists of money: funds, grants, payments, the ledger, expenses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from subsidies.filters import (
    AccountFilter,
    BudgetLineFilter,
    EntitlementFilter,
    EntryFilter,
    EvidenceFilter,
    ExpenseFilter,
    FundFilter,
    GrantFilter,
    PaymentFilter,
    ProjectFilter,
)
from subsidies.models import Expense, Fund, Grant, Payment
from subsidies.permissions import may_plan, may_prove
from subsidies.selectors.money import (
    accounts_in_scope,
    budget_lines_in_scope,
    entitlements_in_scope,
    entries_in_scope,
    evidence_in_scope,
    expenses_in_scope,
    funds_in_scope,
    grants_in_scope,
    payments_in_scope,
    projects_in_scope,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

FUND_TONES: dict[str, str] = {
    Fund.State.SIGNED: "good",
    Fund.State.SUBMITTED: "warn",
    Fund.State.OPEN: "info",
}
GRANT_TONES: dict[str, str] = {
    Grant.State.DRAFT: "info",
    Grant.State.SUBMITTED: "warn",
    Grant.State.ENDORSED: "warn",
    Grant.State.APPROVED: "info",
    Grant.State.PAID: "good",
    Grant.State.SETTLED: "good",
    Grant.State.REFUSED: "bad",
}
PAYMENT_TONES: dict[str, str] = {
    Payment.State.PLANNED: "info",
    Payment.State.DROPPED: "info",
    Payment.State.ORDERED: "warn",
    Payment.State.PAID: "good",
    Payment.State.RECEIVED: "good",
    Payment.State.BOUNCED: "bad",
}


def standing_of(expense: Expense) -> str:
    return "已冲销" if expense.red_id else "有效"


def handed_in(fund: Fund) -> str:
    """How far a budget that is not in force has come, in words; "" of any other."""
    if fund.state != Fund.State.OPEN:
        return ""
    return "已退回，待重编" if fund.drawn_up_by_id else "未提交"


def items_of(grant: Any) -> str:
    """How many of its open items wait to be approved, in words; "" of any other."""
    return f"{grant.items_open}项待批准" if grant.items_open else ""


class FundTable(Table):
    title, unit, order, filterset, workbook = (
        "专项资金",
        "项资金",
        NEWEST_FIRST,
        FundFilter,
        "专项资金",
    )
    lead = "按出资单位、年度、来源单独核算；余额随每张记账凭证变动。"

    name = Column("资金", value=str, link="subsidies:fund", title=True)
    organization = Column("出资单位", path="organization.name")
    budget = Column("预算结余", number=True)
    reserved = Column("已批待拨", number=True)
    held = Column("专账余额", number=True)
    spent = Column("已列支", number=True)
    handed_in = Column("报批", value=handed_in, hidden=True, exported=True)
    state = Column("状态", choice="state", tones=FUND_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return funds_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_plan.allows(self.user):
            return []
        return [Button("编制预算", reverse("subsidies:budget-new"), is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有登记专项资金", "编报年度预算，或补录往年拨款后，资金会列在这里。")


class BudgetLineTable(Table):
    title, unit, order, filterset = "预算科目", "个科目", NEWEST_FIRST, BudgetLineFilter

    fund = Column("资金", value=lambda row: str(row.fund), title=True)
    line = Column("预算科目", choice="line")
    amount = Column("预算金额", number=True)

    def rows(self) -> QuerySet[Any]:
        return budget_lines_in_scope(self.user)


class AccountTable(Table):
    title, unit, order, filterset = "账户", "个账户", NEWEST_FIRST, AccountFilter

    name = Column("账户", value=str, title=True)
    kind = Column("性质", choice="kind")
    balance = Column("余额（元）", number=True)
    moved_at = Column("最近变动")

    def rows(self) -> QuerySet[Any]:
        return accounts_in_scope(self.user)


class GrantTable(Table):
    title, unit, order, filterset, workbook = (
        "学院补助",
        "笔补助",
        NEWEST_FIRST,
        GrantFilter,
        "学院补助",
    )

    academy = Column("学院", path="academy.name", link="subsidies:grant", title=True, sub="number")
    fund = Column("资金", value=lambda row: str(row.fund), sort="fund__year")
    applied = Column("申请金额", number=True, sort="applied", hidden=True, exported=True)
    approved = Column("批复金额", number=True, sort="approved")
    spent = Column("已列支", number=True)
    held = Column("专账余额", number=True)
    items = Column("报批事项", value=items_of, hidden=True, exported=True)
    state = Column("状态", choice="state", tones=GRANT_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return grants_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有补助", "学院申报并经批复，或由财务补录后，补助会列在这里。")


class ProjectTable(Table):
    title, unit, order, filterset = "补助项目", "个项目", NEWEST_FIRST, ProjectFilter

    grant = Column("补助", path="grant.number", title=True)
    use_title = Column("用途类别")
    amount = Column("金额", number=True)
    told = Column("报批事项")
    decision = Column("批准文号")

    def rows(self) -> QuerySet[Any]:
        return projects_in_scope(self.user)


class PaymentTable(Table):
    title, unit, order, filterset, workbook = "拨款", "期拨款", NEWEST_FIRST, PaymentFilter, "拨款"

    academy = Column(
        "学院", path="grant.academy.name", link="subsidies:grant", args=("grant_id",), title=True
    )
    fund = Column("资金", value=lambda row: str(row.grant.fund))
    position = Column("期次", value=lambda row: f"第{row.position}期")
    amount = Column("金额", number=True, sort="amount")
    account = Column(
        "收款账户", path="payee_account.account_mask", hidden=True, exported=True, css="figures"
    )
    receipt = Column("银行回单号", css="figures")
    state = Column("状态", choice="state", tones=PAYMENT_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return payments_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("没有拨款", "补助批复后，各期拨款会列在这里。")


class EntryTable(Table):
    title, unit, order, filterset, workbook = (
        "资金台账",
        "张凭证",
        NEWEST_FIRST,
        EntryFilter,
        "资金台账",
    )
    lead = "只增不改；有误的以红字冲销。每张凭证都在哈希链上。"

    kind = Column("业务", choice="kind", title=True, sub="note")
    booked_on = Column("业务日期", css="nowrap", sort="booked_on")
    academy = Column("学院", path="academy.name")
    fund = Column("资金", value=lambda row: str(row.giver.fund))
    giver = Column("转出", path="giver.get_kind_display")
    taker = Column("转入", path="taker.get_kind_display")
    amount = Column("金额", number=True, sort="amount")
    made_by = Column("制单")
    approved_by = Column("复核", hidden=True, exported=True)
    at = Column("记账时间", hidden=True, exported=True)
    digest = Column("哈希", hidden=True, exported=True, css="figures")

    def rows(self) -> QuerySet[Any]:
        return entries_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_prove.allows(self.user):
            return []
        return [Button("校验账本", reverse("subsidies:verify"), "shield", is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有记账凭证", "拨款和支出入账后，凭证会列在这里。")


class ExpenseTable(Table):
    title, unit, order, filterset, workbook = (
        "支出明细",
        "笔支出",
        NEWEST_FIRST,
        ExpenseFilter,
        "支出明细",
    )

    summary = Column(
        "支出", value=lambda row: row.summary or row.use_title, link="subsidies:expense", title=True, sub="payee"
    )  # fmt: skip
    spent_on = Column("日期", css="nowrap", sort="spent_on")
    academy = Column("学院", path="academy.name")
    use_title = Column("用途类别")
    project = Column("项目", hidden=True, exported=True)
    invoice_number = Column("发票号码", css="figures", width=26)
    amount = Column("金额", number=True, sort="amount")
    voucher = Column("凭证号", css="nowrap")
    training_class = Column("班次", path="training_class.number", hidden=True, exported=True)
    standing = Column("状态", value=standing_of, badge=True)

    def rows(self) -> QuerySet[Any]:
        return expenses_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有支出", "由学院逐笔登记，或导入支出明细表。")

    def buttons(self) -> list[Button]:
        return [Button("资金台账", reverse("subsidies:entries"))]


class EvidenceTable(Table):
    title, unit, order, filterset = "凭证原件", "份原件", NEWEST_FIRST, EvidenceFilter

    voucher = Column("凭证号", path="expense.voucher", title=True)
    kind = Column("种类", choice="kind")
    filename = Column("文件", path="attachment.filename")
    added_by = Column("上传人")
    added_at = Column("上传时间")

    def rows(self) -> QuerySet[Any]:
        return evidence_in_scope(self.user)


class EntitlementTable(Table):
    title, unit, order, filterset = "补助对象核对", "次核对", NEWEST_FIRST, EntitlementFilter

    academy = Column("学院", path="academy.name", title=True)
    tier = Column("层级", choice="tier")
    edition = Column("政策版本", value=lambda row: str(row.edition))
    outcome = Column("结果", value=lambda row: "属于" if row.is_entitled else "不属于")
    words = Column("理由")
    judged_at = Column("核对时间")

    def rows(self) -> QuerySet[Any]:
        return entitlements_in_scope(self.user)
