"""决算表 with the performance report, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.documents.paper import Grid, Paper
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from subsidies.models import Settlement
    from subsidies.selectors.settlements import Adjustment, Bounced

ADJUSTED = ("依据", "凭证号", "原支出", "保留", "调减")


def settlement_paper(
    settlement: Settlement,
    uses: Sequence[dict[str, Any]],
    adjustments: Sequence[Adjustment],
    now: Decimal,
    bounced: Bounced,
) -> Paper:
    """The sums, what was spent by use, what audits took off, what came of it; who drew it up,
    who confirmed it.
    """
    grant = settlement.grant
    cut = [
        [row.source, row.expense.voucher]
        + [f"{amount:,.2f}" for amount in (row.expense.amount, row.rest, row.cut)]
        for row in adjustments
    ]
    spent = [[row["use_title"], str(row["count"]), f"{row['total']:,.2f}"] for row in uses]
    return Paper(
        title="首都工匠学院补助资金决算表",
        issuer=grant.fund.organization.name,
        subject=subject_of(settlement),
        facts=[
            ("学院", grant.academy.name),
            ("资金", str(grant.fund)),
            ("补助编号", grant.number),
            ("状态", settlement.get_state_display()),
        ],
        words=[
            f"绩效情况：{settlement.results}",
            *([f"结余说明：{settlement.explanation}"] if settlement.explanation else []),
        ],
        tables=[
            Grid("收支（元）", ("项目", "金额"), (3, 2), _sums(settlement, now, bounced)),
            Grid("支出按用途（元）", ("用途", "笔数", "金额"), (5, 1, 2), spent),
            *([Grid("审计调整（元）", ADJUSTED, (4, 2, 2, 2, 2), cut)] if cut else []),
        ],
        signatures=[
            ("编制", str(settlement.drawn_by or "")),
            ("审定", str(settlement.confirmed_by or "")),
            ("日期", ""),
        ],
    )


def _sums(settlement: Settlement, now: Decimal, bounced: Bounced) -> list[list[str]]:
    """What came, what became of it; and what changed since the account was confirmed."""
    sums = [
        [name, f"{value:,.2f}"]
        for name, value in (
            ("收到拨款", settlement.received),
            ("支出", settlement.spent),
            ("审计认定退回", settlement.refunded),
            ("结余", settlement.left),
            ("其中：结转下年", settlement.carried),
            ("其中：退回", settlement.given_back),
            ("未拨收回", settlement.unpaid),
        )
    ]
    sums += [[name, f"{value:,.2f}"] for name, value in bounced.lines]
    if now != settlement.spent:
        sums += [
            ["审定后审计调减支出并退回", f"{settlement.spent - now:,.2f}"],
            ["调整后支出", f"{now:,.2f}"],
        ]
    return sums
