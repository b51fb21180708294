"""Three years of the demo's money: two paid and spent before the evaluations, the third on its way.

Everything is booked by the services that real users use; what was spent is drawn by a seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from academies.models import Academy
from organizations.models import Organization, User
from subsidies import workflow
from subsidies.models import Allocation, Expense, Fund, Grant, Settlement, Share
from subsidies.models.funds import Line
from subsidies.rules.eligibility import policy_on
from subsidies.rules.uses import permitted
from subsidies.services.applications import Application, draft_grant
from subsidies.services.budgets import draw_up_budget
from subsidies.services.claims import BankAccount
from subsidies.services.entitlements import judge_everyone
from subsidies.services.expenses import enter_expense
from subsidies.services.grants import enter_grant
from subsidies.workflow import settlements
from subsidies.workflow.accounts import confirm_account, file_account
from subsidies.workflow.allocations import draw_up_allocation, sign_allocation
from subsidies.workflow.payouts import (
    draw_up_payout,
    receipt_transfer,
    sign_payout,
    take_back_receipt,
)
from subsidies.workflow.receipts import receipt_payment, take_back_payment_receipt

SEED = 2026
PAST, NOW = (2024, 2025), 2026
MUNICIPAL, MATCHED = Fund.Source.MUNICIPAL, Fund.Source.DISTRICT
SUBSIDISED = (
    "A-U01", "A-U02", "A-S01", "A-S02", "A-C202401", "A-C202402", "A-C202403", "A-C202404",
    "A-C202405",
)  # fmt: skip
YEARLY, A_YEAR = Decimal(500_000), 14
PAYEES = tuple(
    f"示例{trade}{which}公司"
    for which in "甲乙丙丁戊"
    for trade in ("耗材", "印务", "会展", "教育科技", "设备租赁")
)
#: How far each application of this year has come.
STAGES = {
    "A-U01": "paid",
    "A-U02": "ordered",
    "A-C202402": "approved",
    "A-C202403": "endorsed",
    "A-C202404": "submitted",
    "A-C202405": "draft",
}
ODD = "A-U02"
#: How far the account of the first year has come, academy by academy; the others are still to draw it up.
CLOSING = {"A-U01": "confirmed", "A-U02": "returned", "A-S01": "submitted"}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does which step; an academy without a manager of its own is stood in for."""

    handler: User
    approver: User
    orderer: User
    checker: User
    system: User

    @classmethod
    def called(cls) -> Cast:
        names = ("shizong", "shenpi", "caiwu", "fuhe")
        known = {user.username: user for user in User.objects.filter(username__in=names)}
        handler, approver, orderer, checker = (known[name] for name in names)
        return cls(handler, approver, orderer, checker, User.objects.system())


def past() -> int:
    """What was paid and spent before anybody was evaluated; how many expenses there are now."""
    if not Grant.objects.exists():
        judge_everyone()
        system, draw = User.objects.system(), Random(SEED)  # noqa: S311 - made up, not secret
        academies = _academies()
        for year in PAST:
            for academy in academies.values():
                if academy.designated_on.year <= year:
                    grant = enter_grant(academy, year, YEARLY, MUNICIPAL, actor=system)
                    _spend(grant, draw, system)
        _spend_oddly(academies[ODD], system)
    return Expense.objects.count()


def this_year() -> int:
    """A signed budget, and an application at every step of its way; how many there are now."""
    rows = Grant.objects.filter(fund__year=NOW)
    if not rows.exists():
        _this_year(_academies(), Cast.called())
    return rows.count()


def settled() -> int:
    """Of the first year one account confirmed, its rest carried over, one sent back, one waiting."""
    if not Settlement.objects.exists():
        approver = Cast.called().approver
        for grant in Grant.objects.filter(fund__year=PAST[0], academy__code__in=CLOSING):
            stage = CLOSING[grant.academy.code]
            results = "举办培训班12期、培训职工580人，取证率86%，完成申报的全部项目"
            why = "部分师资课酬跨年结算，结余用于下年度同类项目"
            made = settlements.settle_grant(grant.pk, results, why, actor=User.objects.system())
            if stage == "confirmed":
                settlements.confirm_settlement(made.pk, actor=approver, note="与台账核对一致")
            elif stage == "returned":
                note = "绩效情况须对照申报逐项说明"
                settlements.return_settlement(made.pk, actor=approver, note=note)
    return Settlement.objects.count()


def _academies() -> dict[str, Academy]:
    rows = Academy.objects.select_related("organization", "supervising_union")
    return {row.code: row for row in rows.filter(code__in=SUBSIDISED)}


def _spend(grant: Grant, draw: Random, actor: User) -> None:
    uses = permitted(policy_on(timezone.localdate()))
    for number in range(1, A_YEAR + 1):
        day = date(grant.fund.year, 1, 5) + timedelta(days=draw.randrange(330))
        facts = {
            "spent_on": max(day, grant.academy.designated_on),
            "use": (uses[0] if number % 2 else draw.choice(uses)).code,
            "amount": Decimal(draw.randrange(300_000, 4_000_000)) / 100,
            "payee": draw.choice(PAYEES),
            "invoice_number": f"{draw.randrange(10**19, 10**20)}",
            "voucher": f"记-{number:04}",
            "summary": draw.choice(
                ("培训场地及耗材", "教材印制", "师资课酬", "展板制作", "设备租赁")
            ),
        }
        _enter(grant, facts, actor)


def _enter(grant: Grant, facts: dict[str, Any], actor: User) -> None:
    whole = {"project": "技能提升", "invoice_code": "", "training_class": None} | facts
    enter_expense(grant, whole, actor=actor, key=f"demo:{grant.number}:{facts['voucher']}")


def _spend_oddly(academy: Academy, actor: User) -> None:
    """What an auditor should notice: one bill twice, a purchase in parts, a round sum."""
    grant = academy.grants.get(fund__year=PAST[-1])
    odd = (
        (date(2025, 11, 3), "18600.50", "示例设备公司"), (date(2025, 11, 5), "18600.50", "示例设备公司"),
        (date(2025, 11, 12), "19999.00", "示例设备公司"), (date(2025, 12, 24), "30000.00", "示例咨询公司"),
    )  # fmt: skip
    for number, (day, amount, payee) in enumerate(odd, start=A_YEAR + 1):
        facts = {
            "spent_on": day, "amount": Decimal(amount), "payee": payee, "use": "technical_exchange",
            "invoice_number": f"9{number:019}", "voucher": f"记-{number:04}", "summary": "设备租赁",
        }  # fmt: skip
        _enter(grant, facts, actor)


def _this_year(academies: dict[str, Academy], cast: Cast) -> None:
    city = Organization.objects.get(code="BJ")
    lines = {
        Line.ACADEMY.value: Decimal(20_000_000),
        Line.AWARD.value: Decimal(2_500_000),
        Line.BOOST.value: Decimal(500_000),
    }
    fund = draw_up_budget(city, NOW, MUNICIPAL, lines, actor=cast.orderer)
    workflow.submit_budget(fund.pk, actor=cast.orderer)
    workflow.sign_budget(fund.pk, actor=cast.approver)
    made = draw_up_allocation(
        fund.pk, Allocation.Method.PERFORMANCE, lines[Line.ACADEMY.value], actor=cast.orderer
    )
    sign_allocation(made.pk, actor=cast.approver, note="按上年审核评价结果分配")
    for code, stage in STAGES.items():
        if code in academies:
            _tell_account(academies[code], cast)
            _brought_to(stage, academies[code], cast)
    _listed(fund, cast)


def _listed(fund: Fund, cast: Cast) -> None:
    """What is approved, paid by a list; the receipt was entered with another number at first."""
    listed = sign_payout(
        draw_up_payout(fund.pk, Line.ACADEMY, actor=cast.orderer).pk, actor=cast.checker
    )
    for number, transfer in enumerate(listed.transfers.order_by("position"), start=2):
        receipt_transfer(transfer.pk, f"{NOW}00{number}", actor=cast.checker)
        note = "回单号少录一位，按银行回单重新登记"
        take_back_receipt(transfer.pk, actor=cast.orderer, note=note)
        receipt_transfer(transfer.pk, f"{NOW}{number:04}", actor=cast.checker)


def _tell_account(academy: Academy, cast: Cast) -> None:
    """Where each is paid; one of them still waits for the call back."""
    to = BankAccount("示例银行北京分行", f"1100{academy.pk:015}")
    holder, why = academy.organization.name, "为补助资金新设专用账户"
    filed = file_account(academy, holder, to, why, actor=cast.system)
    if STAGES[academy.code] != "endorsed":
        confirm_account(filed.pk, "学院财务 010-0000", actor=cast.checker, note="与开户许可一致")


def _brought_to(stage: str, academy: Academy, cast: Cast) -> None:
    asked = Application(
        {"training_class": Decimal(360_000), "teacher_training": Decimal(80_000), "seminar": Decimal(60_000)},
        "围绕特色品牌，面向全市职工举办技能培训班、师资培训和专题研讨会", headcount=600, days=5,
        matching={MATCHED: {"training_class": Decimal(100_000)}} if stage == "submitted" else {},
    )  # fmt: skip
    grant = draft_grant(academy, NOW, MUNICIPAL, asked, actor=cast.system)
    if stage == "draft":
        return
    workflow.submit_grant(grant.pk, actor=cast.system)
    if stage == "submitted":
        return
    workflow.endorse_grant(grant.pk, "项目围绕特色品牌，预算合理，同意上报", actor=cast.handler)
    if stage == "endorsed":
        return
    decision = f"京工办发〔{NOW}〕{grant.pk}号"
    share = Share.objects.get(academy=academy, allocation__fund=grant.fund)
    amount = min(Decimal(480_000), share.amount)
    workflow.approve_grant(grant.pk, amount, decision, actor=cast.approver)
    payment = grant.payments.get()
    if stage == "approved":
        return
    workflow.order_payment(payment.pk, actor=cast.orderer)
    if stage == "paid":
        workflow.check_payment(payment.pk, actor=cast.checker)
        receipt_payment(payment.pk, f"{NOW}0010", actor=cast.checker)
        note = "回单号录错，按银行回单重新登记"
        take_back_payment_receipt(payment.pk, actor=cast.orderer, note=note)
        receipt_payment(payment.pk, f"{NOW}0001", actor=cast.checker)
