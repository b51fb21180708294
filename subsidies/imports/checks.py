"""What may be wrong with a line of expenses; the conditions are SQL over the stated rows."""

from __future__ import annotations

from intake.kinds.checks import WARNING, Check, missing, quoted, shifted, too_long

MEND = "，请核对后更正"


def _cell(column: str, length: int = 30) -> str:
    """The start of a message: what stands in the cell."""
    return f"'“' || left(p.{column}, {length}) || '”"


CHECKS = (
    missing("date-missing", "spent_on", "日期", column="spent_text"),
    Check(
        "date-unreadable",
        "spent_on",
        "spent_text <> '' and spent_on is null",
        f"{_cell('spent_text')}不是日期，请写成“2025-05-09”这样的日期'",
    ),
    Check(
        "outside-year",
        "spent_on",
        "extract(year from spent_on) <> %(year)s",
        f"{_cell('spent_text')}不在'|| %(year)s || '年度内；补助资金按年度单独核算，请登记到所属年度'",
    ),
    missing("use-missing", "use", "用途类别", column="use_text"),
    Check(
        "forbidden-use",
        "use",
        "use_text <> '' and not is_permitted",
        f"{_cell('use_text')}不在补助资金使用范围之内（'|| %(uses)s ||'），不能在专账中列支'",
    ),
    Check(
        "use-needs-approval",
        "use",
        "is_permitted and needs_approval",
        f"{_cell('use_text')}属于列举以外的相关项目，须逐项报批后列支，请在页面上登记并注明批准文号'",
    ),
    missing("payee-missing", "payee", "收款单位"),
    Check(
        "invoice-missing",
        "invoice_number",
        "invoice_key = ''",
        quoted("没有填写发票号码，请填写"),
    ),
    Check(
        "invoice-rounded",
        "invoice_number",
        "'invoice_number' = any(flags) or 'invoice_code' = any(flags)",
        quoted("发票号码按数字存放，末几位已经丢失；请改成文本格式后重新填写"),
    ),
    Check(
        "duplicate-invoice",
        "invoice_number",
        "is_invoiced",
        f"'发票' || {_cell('invoice_text', 40)}已经列支过，全市范围内一张发票只能列支一次'",
        may_arise=True,
    ),
    Check(
        "disallowed-by-audit",
        "invoice_number",
        "is_disallowed and not is_invoiced",
        f"'发票' || {_cell('invoice_text', 40)}已由审计认定退回并入账，不能再次列支，认定也不再撤销；请核对发票号码，确系这张发票的不再列入'",
        may_arise=True,
    ),
    missing("amount-missing", "amount", "金额", column="amount_text"),
    Check(
        "amount-unreadable",
        "amount",
        "amount_text <> '' and amount is null",
        f"{_cell('amount_text')}不是大于零、最多两位小数的金额{MEND}'",
    ),
    missing("voucher-missing", "voucher", "凭证号"),
    Check(
        "duplicate-voucher",
        "voucher",
        "is_vouchered",
        f"'凭证号' || {_cell('voucher')}在本年度专账中已登记{MEND}'",
        may_arise=True,
    ),
    Check(
        "source-unknown",
        "source",
        "fund_source is null",
        f"{_cell('source_text')}不是资金来源（市总补助、区配套、自筹、上级补助）{MEND}'",
    ),
    Check(
        "unknown-class",
        "class_number",
        "class_number <> '' and class_id is null",
        f"{_cell('class_number')}不是本年度登记的培训班，该笔支出暂不对应班次{MEND}'",
        WARNING,
    ),
    *(
        too_long(field)
        for field in (
            "project", "summary", "payee", "invoice_code", "invoice_number", "voucher",
        )
    ),
    shifted("spent_on"),
)  # fmt: skip
ARISING = tuple(check for check in CHECKS if check.may_arise)

#: What people call each fault where they choose which to look at.
TITLES = {
    "date-missing": "没有日期",
    "date-unreadable": "日期看不懂",
    "outside-year": "不在本年度",
    "use-missing": "没有用途",
    "forbidden-use": "用途不在范围之内",
    "use-needs-approval": "用途须先报批",
    "payee-missing": "没有收款单位",
    "invoice-missing": "没有发票号码",
    "invoice-rounded": "发票号码末位丢失",
    "duplicate-invoice": "发票重复",
    "disallowed-by-audit": "审计认定退回的发票",
    "amount-missing": "没有金额",
    "amount-unreadable": "金额看不懂",
    "voucher-missing": "没有凭证号",
    "duplicate-voucher": "凭证号重复",
    "source-unknown": "资金来源看不懂",
    "unknown-class": "班次不存在",
    "insufficient-balance": "超过专账余额",
}
