"""Expenses from an academy's own workbook, and what the bank answers to a list of transfers."""

from academies.permissions import KEEPERS
from intake.kinds import ImportKind, Sheet
from intake.kinds import register as registered
from organizations.roles import STAFF_AND_OVERSIGHT
from subsidies.imports import expenses, receipts
from subsidies.imports.checks import TITLES
from subsidies.imports.form import FORM
from subsidies.imports.subject import SpendingSubject
from subsidies.models.funds import READERS
from subsidies.permissions import FINANCE

EXPENSES = registered(
    ImportKind(
        code="expenses",
        title="支出明细表",
        subject=SpendingSubject,
        sheets=(
            Sheet(
                name=expenses.KIND,
                title="支出明细表",
                form=FORM,
                judge=expenses.judge,
                file=expenses.file,
                filed=expenses.filed,
                withdraw=expenses.withdraw,
                titles=TITLES,
                counted="支出{}笔",
                named_by="summary",
                figures=expenses.accepted_total,
                entries=expenses.entries,
            ),
        ),
        roles=KEEPERS,
        readers=READERS,
        takes=".xlsx,.csv",
        refusals=(
            "标题写明别的学院或别的年度的整份退回；",
            "用途不在补助资金使用范围之内；发票在全市任何一处已经列支过；凭证号重复；",
            "日期不在资金年度内；累计支出超过专账余额；",
            "班次编号不在本年度培训班之内只作提醒，不影响入库。",
        ),
        consequences=("每笔支出各记一张红字凭证，专账余额随之恢复；",),
    )
)

RECEIPTS = registered(
    ImportKind(
        code="receipts",
        title="银行付款结果",
        subject=receipts.PayoutSubject,
        sheets=(
            Sheet(
                name=receipts.KIND,
                title="银行付款结果",
                form=receipts.FORM,
                judge=receipts.judge,
                file=receipts.file,
                filed=receipts.filed,
                withdraw=receipts.withdraw,
                titles=receipts.TITLES,
                counted="银行结果{}笔",
                named_by="reference",
                entries=receipts.entries,
            ),
        ),
        roles=FINANCE,
        readers=STAFF_AND_OVERSIGHT,
        takes=".xlsx,.csv",
        refusals=(
            "不在这份清单之内的业务参考号；与清单金额不符；已登记过结果的，同一文件不会入账两次；",
            "付款成功没有回单号，退票没有原因，看不出成功还是退票的。",
        ),
        consequences=("银行结果不能撤销；有误的请与银行核对后另行更正。",),
    )
)

__all__ = ["EXPENSES", "RECEIPTS"]
