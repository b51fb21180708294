"""补助申报表, 拨款单 and 支出明细表 of an academy's grant."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pages.documents.paper import Grid, Paper
from subsidies.rules.norms import warnings
from workflow.records import subject_of
from workflow.texts.amounts import in_capitals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subsidies.models import Expense, Grant, PayeeAccount, Payment, Project


def application_of(whole: Sequence[Grant], projects: Sequence[Project]) -> Paper:
    """What the academy asks for and what for, of each source; the union's opinion, what was decided."""
    grant = whole[0]
    several = len(whole) > 1
    decided = "；".join(
        f"{_source(row) * several}{_approved(row)}" for row in whole if row.approved
    )
    asked = "、".join(f"{_source(row) * several}{_yuan(row.applied)}元" for row in whole)
    if several:
        asked += f"，合计{_yuan(sum(row.applied for row in whole))}元"
    asked += f"（大写：{in_capitals(sum((row.applied for row in whole), Decimal(0)))}）"
    return Paper(
        title="补助资金申报表",
        issuer=grant.academy.name,
        subject=subject_of(grant),
        facts=[
            ("补助编号", grant.number),
            ("学院", grant.academy.name),
            ("主管工会", grant.academy.supervising_union.name),
            ("资金", "、".join(f"{row.fund.organization.name}{row.fund}" for row in whole)),
            ("申请金额", asked),
            ("特色品牌", grant.brand or "—"),
            ("培训对象", grant.get_audience_display() or "—"),
            ("面向职工", _counted(grant.headcount, "人")),
            ("培训天数", _counted(grant.days, "天")),
            ("培训学时", _counted(grant.hours, "学时")),
            *_items(projects),
            ("项目与用途", grant.purpose or "—"),
            *[("提示", words) for words in warnings(grant, _together(projects))],
            ("审核意见", grant.opinion or "—"),
            ("批复", decided or "—"),
            ("状态", grant.get_state_display()),
        ],
        tables=[_by_use(whole, projects)] if projects else [],
        signatures=[
            ("申报单位（盖章）", str(grant.applied_by or "")),
            ("主管工会（盖章）", str(grant.endorsed_by or "")),
            ("批复单位（盖章）", str(grant.approved_by or "")),
        ],
    )


def _together(projects: Sequence[Project]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in projects:
        sums[row.use] = sums.get(row.use, Decimal(0)) + row.amount
    return sums


def _items(projects: Sequence[Project]) -> list[tuple[str, str]]:
    """What is asked for beyond the uses that the policy lists, and whether it was approved."""
    return [
        ("报批事项", f"{row.told}（{_yuan(row.amount)}元，{row.decision or '待批准'}）")
        for row in projects
        if row.needs_approval
    ]


def _by_use(whole: Sequence[Grant], projects: Sequence[Project]) -> Grid:
    """A line for each use, a column for each source, and what they come to together."""
    sums: dict[str, dict[int, Decimal]] = {}
    for row in projects:
        sums.setdefault(row.use_title, {})[row.grant_id] = row.amount
    if len(whole) == 1:
        rows = [[title, _yuan(by[whole[0].pk])] for title, by in sums.items()]
        return Grid("按用途申请", ("用途类别", "金额（元）"), (3, 1), rows)
    heads = ("用途类别", *(f"{_source(row)}（元）" for row in whole), "合计（元）")
    rows = [
        [title, *(_yuan(by.get(row.pk)) for row in whole), _yuan(sum(by.values()))]
        for title, by in sums.items()
    ]
    return Grid("按用途、来源申请", heads, (3, *(2 for _ in whole), 2), rows)


def _source(grant: Grant) -> str:
    return str(grant.fund.get_source_display())


def payment_order_of(payment: Payment, account: PayeeAccount | None) -> Paper:
    """One instalment: how much, to whom (``account``), on what decision, by whom and checked by whom."""
    grant, entry = payment.grant, payment.entry
    booked = f"第{entry.sequence}号　{entry.booked_on}　{entry.digest[:16]}" if entry else "未记账"
    return Paper(
        title="补助资金拨款单",
        issuer=grant.fund.organization.name,
        subject=subject_of(payment),
        facts=[
            ("补助编号", grant.number),
            ("收款学院", grant.academy.name),
            ("收款账户", _account(account)),
            ("资金", f"{grant.fund.organization.name}{grant.fund}"),
            ("批复", _approved(grant)),
            ("期次", f"第{payment.position}期"),
            ("拨款金额", f"{_yuan(payment.amount)}元"),
            ("大写", in_capitals(payment.amount)),
            ("状态", payment.get_state_display()),
            ("银行回单号", payment.receipt or "—"),
            ("记账凭证", booked),
        ],
        signatures=[
            ("制单人", str(payment.ordered_by or "")),
            ("复核人", str(payment.checked_by or "")),
            ("出资单位（盖章）", ""),
        ],
    )


def _account(account: PayeeAccount | None) -> str:
    """Holder, bank and the last digits."""
    if account is None:
        return "—"
    return f"{account.holder}　{account.bank}　{account.account_mask}"


def statement_of(grant: Grant, expenses: Sequence[Expense]) -> Paper:
    """Every expense of the separate account, those taken back named as such and not counted."""
    standing = [row for row in expenses if row.red_id is None]
    has_red = len(standing) < len(expenses)
    rows = [
        [
            str(row.spent_on),
            row.voucher,
            row.use_title,
            row.payee,
            row.invoice_number,
            _yuan(row.amount),
        ]
        + ["已冲销" if row.red_id else ""] * has_red
        for row in expenses
    ]
    heads = ["日期", "凭证号", "用途类别", "收款单位", "发票号码", "金额（元）"]
    widths = [22, 16, 32, 26, 47, 26]
    if has_red:
        heads, widths = [*heads, "备注"], [*widths, 16]
    return Paper(
        title="补助资金支出明细表",
        issuer=grant.academy.name,
        subject=subject_of(grant),
        facts=[
            ("学院", grant.academy.name),
            ("资金", f"{grant.fund.organization.name}{grant.fund}"),
            ("有效支出", f"{len(standing)}笔，{_yuan(sum(row.amount for row in standing))}元"),
            ("专账余额", f"{_yuan(vars(grant)['held'])}元"),
        ],
        tables=[Grid("支出明细", heads, widths, rows)] if rows else [],
        signatures=[("制表人", ""), ("学院负责人", ""), ("学院（盖章）", "")],
    )


def _approved(grant: Grant) -> str:
    """How much, and by which document where there is one: what was entered later may have none."""
    return f"{_yuan(grant.approved)}元" + (f"（{grant.decision}）" if grant.decision else "")


def _yuan(amount: Decimal | int | None) -> str:
    return "—" if amount is None else f"{amount:,.2f}"


def _counted(number: int | None, unit: str) -> str:
    return "—" if number is None else f"{number}{unit}"
