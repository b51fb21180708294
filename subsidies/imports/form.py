"""支出明细表, as academies keep it and as people rename its columns."""

from intake.spreadsheets.tables import Column, Form

FORM = Form(
    name="支出明细",
    number="number",
    columns=(
        Column("number", "序号", ("编号", "行号"), is_required=False),
        Column("spent_on", "日期", ("支出日期", "记账日期", "开票日期")),
        Column("project", "项目", ("项目名称", "所属项目"), is_required=False),
        Column("use", "用途类别", ("用途", "支出用途", "支出类别", "使用方向")),
        Column("summary", "摘要", ("支出内容", "事由", "内容"), is_required=False),
        Column("payee", "收款单位", ("收款方", "收款人", "销售方", "收款单位名称")),
        Column("invoice_code", "发票代码", is_required=False),
        Column("invoice_number", "发票号码", ("发票号", "数电票号码")),
        Column("amount", "金额（元）", ("金额", "支出金额", "支出金额（元）", "价税合计")),
        Column("voucher", "凭证号", ("记账凭证号", "凭证编号")),
        Column("class_number", "班次编号", ("班次", "培训班编号"), is_required=False),
        Column("source", "资金来源", ("来源",), is_required=False),
    ),
)
