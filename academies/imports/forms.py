"""The two sheets of a training workbook, as the city prints them and as people rename them."""

from intake.spreadsheets.tables import Column, Form

CLASSES = Form(
    name="培训班",
    columns=(
        Column("class_number", "班次编号", ("班次", "班级编号", "班号", "期次", "班次号")),
        Column("class_name", "班次名称", ("班级名称", "培训班名称", "培训名称", "名称")),
        Column(
            "specialty",
            "特色专业（工种）",
            ("特色专业", "专业（工种）", "特色品牌", "专业", "工种"),
            is_required=False,
        ),
        Column("form", "培训形式", ("形式", "培训方式", "授课形式"), is_required=False),
        Column("practical", "是否实操", ("实操", "是否实操培训", "是否为实操", "实操培训")),
        Column("starts_on", "开始日期", ("开班日期", "开始时间", "开班时间", "起始日期")),
        Column("ends_on", "结束日期", ("结业日期", "结束时间", "结班日期", "终止日期")),
        Column("hours", "学时", ("课时", "学时数", "总学时"), is_required=False),
        Column("room", "培训地点", ("地点", "培训场所", "教室"), is_required=False),
        Column(
            "planned",
            "计划人数",
            ("计划培训人数", "拟培训人数", "计划人数（人）"),
            is_required=False,
        ),
    ),
)

ROSTER = Form(
    name="学员名册",
    columns=(
        Column("class_number", "班次编号", ("班次", "班级编号", "班号", "期次", "班次号")),
        Column("name", "姓名", ("学员姓名", "职工姓名")),
        Column(
            "identity",
            "公民身份号码",
            ("身份证号", "身份证号码", "公民身份证号码", "居民身份证号码", "身份证", "身份号码"),
        ),
        Column("employer", "工作单位", ("单位", "所在单位", "单位名称"), is_required=False),
        Column(
            "occupation",
            "职业（工种）",
            ("职业工种", "职业/工种", "工种", "职业"),
            is_required=False,
        ),
        Column("attendance", "出勤率", ("出勤率（%）", "出勤", "出勤情况"), is_required=False),
        Column("result", "考核结果", ("考核", "考试结果", "考核情况", "结业考核")),
        Column(
            "level_before", "培训前等级", ("培训前技能等级", "训前等级", "原技能等级", "原等级")
        ),
        Column("level_after", "培训后等级", ("培训后技能等级", "训后等级", "现技能等级", "现等级")),
        Column(
            "certificate",
            "证书编号",
            ("职业技能等级证书编号", "技能等级证书编号", "证书号", "证书号码"),
            is_required=False,
        ),
        Column(
            "phone",
            "联系电话",
            ("手机", "手机号", "手机号码", "电话", "联系方式"),
            is_required=False,
        ),
    ),
)
