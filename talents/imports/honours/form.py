"""工匠名录汇总表: its columns as the city keeps them, and the other names people give them."""

from intake.spreadsheets.tables import Column, Form

FORM = Form(
    name="工匠名录汇总表",
    number="number",
    columns=(
        Column("number", "序号", ("编号", "序列")),
        Column("name", "姓名", ("获得者姓名", "工匠姓名")),
        Column(
            "identity",
            "公民身份号码",
            ("身份证号", "身份证号码", "公民身份证号码", "居民身份证号码", "身份证", "身份号码"),
        ),
        Column("unit", "工作单位", ("单位名称", "所在单位", "单位"), is_required=False),
        Column("organization", "命名工会编码", ("命名工会", "命名单位编码", "工会编码")),
        Column(
            "trade",
            "职业（工种）",
            ("职业工种", "职业/工种", "工种", "职业"),
            is_required=False,
        ),
        Column("title", "称号", ("荣誉称号", "工匠称号", "命名称号")),
        Column("year", "年度", ("命名年度", "年份")),
        Column("named_on", "命名日期", ("命名时间", "公布日期", "发文日期")),
        Column(
            "document_number", "命名文号", ("文号", "依据文号", "命名文件文号"), is_required=False
        ),
        Column("certificate", "证书编号", ("证书号", "证书号码", "荣誉证书编号")),
        Column("state", "状态", ("称号状态", "是否有效"), is_required=False),
        Column("revoked_on", "撤销日期", ("撤销时间", "收回日期"), is_required=False),
        Column("reason", "撤销事由", ("撤销原因",), is_required=False),
    ),
)
