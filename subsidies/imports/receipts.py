"""What the bank made of a list: its own table of results, line by line, entered as if typed one by one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from django.db import connection
from django.urls import reverse

from intake.kinds import Entry as Shown
from intake.kinds import Filed, NoSuchSubjectError, Option, Subject
from intake.kinds.brought import by_line
from intake.kinds.checks import Check, missing, quoted, run, shifted, too_long
from intake.kinds.statements import Statements
from intake.spreadsheets.tables import Column, Form
from subsidies.models import Payout, Transfer
from subsidies.permissions.claims import may_answer
from subsidies.workflow.payouts import locked_payout, receipt_transfer, return_transfer
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import Organization, User

KIND = "subsidies.receipts"
_TEXT = "subsidies.payout:"
NAMED = 10
PAID, RETURNED = "paid", "returned"
FORM = Form(
    name="银行付款结果",
    columns=(
        Column("reference", "业务参考号", ("参考号", "客户参考号", "客户业务编号", "备注")),
        Column("payee", "收款人", ("收款人名称", "户名", "收款单位"), is_required=False),
        Column("amount", "金额（元）", ("金额", "交易金额", "付款金额")),
        Column("result", "处理结果", ("结果", "交易状态", "状态", "处理状态")),
        Column("receipt", "回单号", ("银行回单号", "流水号", "交易流水号"), is_required=False),
        Column("reason", "失败原因", ("退票原因", "原因", "失败说明"), is_required=False),
    ),
)
SQL = Statements(Path(__file__).parent / "sql", FORM)
STATED = SQL.read("receipts_stated", amount=SQL.read("amount", cell="@amount"))
ACCEPTED = SQL.read("accepted", stated=STATED)
REPEATED = SQL.read("receipts_repeated", stated=STATED)
CHECKS = (
    missing("reference-missing", "reference", "业务参考号"),
    Check(
        "unknown-transfer",
        "reference",
        "reference <> '' and transfer_id is null",
        "'“' || left(p.reference, 40) || '”不是这份付款清单的业务参考号，请核对是否传错清单'",
    ),
    Check(
        "transfer-answered",
        "reference",
        "is_answered",
        quoted("这一笔已登记过银行结果，不能再次登记"),
        may_arise=True,
    ),
    Check(
        "amount-differs",
        "amount",
        "transfer_id is not null and amount is distinct from paid",
        "'银行金额“' || left(p.amount_text, 30) || '”与清单'"
        " || to_char(p.paid, 'FM999,999,999,990.00') || '元不符，请向银行查询'",
    ),
    Check(
        "result-unknown",
        "result",
        "result is null",
        "'“' || left(p.result_text, 30) || '”看不出是成功还是退票，请写“成功”或“退票”'",
    ),
    Check(
        "receipt-missing",
        "receipt",
        "result = 'paid' and receipt = ''",
        quoted("付款成功的须有回单号，请补填"),
    ),
    Check(
        "reason-missing",
        "reason",
        "result = 'returned' and length(reason) < 4",
        quoted("退票的须写明原因（至少4个字），请补填"),
    ),
    too_long("receipt"),
    too_long("reason"),
    shifted("reference"),
)
ARISING = tuple(check for check in CHECKS if check.may_arise)
TITLES = {
    "reference-missing": "没有业务参考号",
    "unknown-transfer": "不在清单之内",
    "transfer-answered": "已登记过结果",
    "duplicate-transfer": "同一笔重复",
    "amount-differs": "金额不符",
    "result-unknown": "结果看不懂",
    "receipt-missing": "没有回单号",
    "reason-missing": "没有退票原因",
}


class PayoutSubject(Subject):
    """The signed list that the bank answers."""

    options = (Option("payout", "清单编号", "如 2026-academy-1-001"),)

    def __init__(self, payout: Payout) -> None:
        self.payout = payout
        self.title = f"付款清单 {payout.number}"
        self.trail = (
            ("付款清单", reverse("subsidies:payouts")),
            (payout.number, reverse("subsidies:payout", args=[payout.pk])),
        )

    @classmethod
    def found(cls, user: User, **key: Any) -> Self:
        rows = Payout.objects.visible_to(user).select_related("fund__organization")
        payout = rows.filter(number=key["payout"].strip()).first()
        if payout is None:
            raise NoSuchSubjectError(f"没有编号为 {key['payout']} 的付款清单，请核对编号")
        return cls(payout)

    @classmethod
    def stored(cls, text: str) -> Self | None:
        rows = Payout.objects.select_related("fund__organization")
        payout = rows.filter(pk=int(text.removeprefix(_TEXT))).first()
        return cls(payout) if payout else None

    @classmethod
    def names(cls, texts: Collection[str]) -> dict[str, str]:
        numbers = {int(text.removeprefix(_TEXT)): text for text in texts}
        rows = Payout.objects.filter(pk__in=numbers).values_list("pk", "number")
        return {numbers[pk]: f"付款清单 {number}" for pk, number in rows}

    @property
    def text(self) -> str:
        return f"{_TEXT}{self.payout.pk}"

    def bodies(self, user: User) -> list[Organization]:
        may_answer.check(user, self.payout)
        return [self.payout.fund.organization]

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        may_answer.check(actor, self.payout)


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all): cells, then doubles."""
    values = _values(batch, lines)
    run(batch, CHECKS, rows=STATED, values=values)
    with connection.cursor() as cursor:
        cursor.execute(REPEATED, values | {"column": batch.headings["reference"]})


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """Enter the standing rows one by one, unless somebody has entered one of them meanwhile."""
    locked_payout(int(batch.subject.removeprefix(_TEXT)), actor)
    values = _values(batch, lines)
    if arisen := run(batch, ARISING, rows=ACCEPTED, values=values):
        return Filed(0, arisen)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select line, transfer_id, result, receipt, reason from ({ACCEPTED}) a order by line",  # noqa: S608 - of our own statements
            values,
        )
        rows = cursor.fetchall()
    for line, pk, result, receipt, reason in rows:
        if result == PAID:
            transfer = receipt_transfer(pk, receipt, actor=actor)
        else:
            transfer = return_transfer(pk, actor=actor, note=reason)
        transfer.batch, transfer.batch_line = batch, line
        transfer.save(update_fields=["batch", "batch_line"])
    return Filed(len(rows), 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Transfers by the line that answered them."""
    return by_line(Transfer.objects.filter(batch=batch), lines)


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Never: what the bank answered is booked."""
    message = "银行结果已登记，退票已红字冲销，不能整批撤销；有误的请与银行核对后另行更正"
    raise DomainError("bank-answers-stay", message)


def entries(batch: ImportBatch, user: User) -> list[Shown]:
    """The first transfers that the file answered."""
    rows = Transfer.objects.visible_to(user).filter(batch=batch).select_related("payout")
    return [
        Shown(
            row.batch_line,
            row.payee,
            reverse("subsidies:payout", args=[row.payout_id]),
            (f"{row.amount:,.2f}元", row.returned or f"回单{row.receipt}"),
        )
        for row in rows.order_by("batch_line")[:NAMED]
    ]


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "payout": int(batch.subject.removeprefix(_TEXT)),
    }
