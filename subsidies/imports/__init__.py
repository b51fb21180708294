"""Expenses from an academy's own workbook: the form, its checks, what rows become."""

from academies.permissions import KEEPERS
from intake.kinds import ImportKind, Sheet
from intake.kinds import register as registered
from subsidies.imports import expenses
from subsidies.imports.checks import TITLES
from subsidies.imports.form import FORM
from subsidies.imports.subject import SpendingSubject
from subsidies.models.funds import READERS

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

__all__ = ["EXPENSES"]
