"""成果与行动登记表: its columns as units keep them, and the other names people give them."""

from intake.spreadsheets.tables import Column, Form

FORM = Form(
    name="成果与行动登记表",
    number="number",
    columns=(
        Column("number", "序号", ("编号次序", "序列")),
        Column("kind", "种类", ("行动", "登记种类", "项目种类")),
        Column("sort", "类别", ("种子类别", "成果类别", "专利类型"), is_required=False),
        Column("name", "姓名", ("第一完成人", "种子姓名", "学员姓名"), is_required=False),
        Column(
            "identity",
            "公民身份号码",
            ("身份证号", "身份证号码", "公民身份证号码", "居民身份证号码", "身份证", "身份号码"),
            is_required=False,
        ),
        Column(
            "organization", "单位（院校）", ("单位", "院校", "单位名称", "单位编码", "所在单位")
        ),
        Column("told", "名称（说明）", ("名称", "说明", "成果名称", "孵化载体和导师", "内容")),
        Column(
            "document_number",
            "编号（文号）",
            ("专利号", "备案文号", "证明文号", "文号", "编号"),
            is_required=False,
        ),
        Column("held_on", "日期", ("登记日期", "授权日期", "完成日期", "备案日期", "授权公告日")),
    ),
)
