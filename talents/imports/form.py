"""推荐人选汇总表: its columns as the city prints them, and the other names people give them."""

from intake.spreadsheets.tables import Column, Form

FORCES = "“工匠五力”情况"

FORM = Form(
    name="推荐人选汇总表",
    number="number",
    continued=frozenset({"career", "honours"}),
    columns=(
        Column("number", "序号", ("编号", "序列")),
        Column("name", "姓名", ("人选姓名", "候选人姓名", "推荐人选", "推荐人选姓名")),
        Column("sex", "性别", is_required=False),
        Column("ethnicity", "民族", is_required=False),
        Column("birth", "出生年月", ("出生日期", "出生年月日", "出生时间"), is_required=False),
        Column(
            "identity",
            "公民身份号码",
            ("身份证号", "身份证号码", "公民身份证号码", "居民身份证号码", "身份证", "身份号码"),
        ),
        Column("political_status", "政治面貌", ("党派", "政治面目"), is_required=False),
        Column("education", "学历", ("文化程度", "最高学历"), is_required=False),
        Column("unit", "工作单位", ("单位名称", "所在单位", "推荐单位", "单位", "工作单位名称")),
        Column(
            "uscc",
            "统一社会信用代码",
            ("信用代码", "社会信用代码", "单位统一社会信用代码", "统一信用代码"),
            is_required=False,
        ),
        Column(
            "post",
            "职务/岗位",
            ("职务", "岗位", "职务岗位", "现任职务", "职务、岗位"),
            is_required=False,
        ),
        Column(
            "occupation",
            "职业（工种）",
            ("职业工种", "职业/工种", "工种", "职业"),
            is_required=False,
        ),
        Column(
            "skill_level",
            "职业技能等级",
            ("技能等级", "职业资格等级", "技能等级（职业资格）", "等级"),
            is_required=False,
        ),
        Column(
            "certificate",
            "证书编号",
            ("职业技能等级证书编号", "技能等级证书编号", "证书号", "证书号码"),
            is_required=False,
        ),
        Column("category", "人员类别", ("人选类别", "身份类别"), is_required=False),
        Column("is_migrant", "农民工", ("是否农民工",), is_required=False),
        Column(
            "is_non_public", "非公有制单位", ("非公", "是否非公", "非公企业"), is_required=False
        ),
        Column("is_key_industry", "重点产业", ("是否重点产业",), is_required=False),
        Column(
            "career", "一线工作经历", ("一线岗位工作经历", "一线工作简历", "工作经历", "一线经历")
        ),
        Column(
            "honours",
            "获得荣誉",
            ("荣誉", "荣誉称号", "获得荣誉情况", "所获荣誉"),
            is_required=False,
        ),
        Column(
            "patents",
            "专利成果数",
            ("专利数", "专利成果", "专利数量", "专利成果数（项）"),
            is_required=False,
        ),
        Column(
            "apprentices",
            "带徒人数",
            ("带徒数", "带徒数量", "带徒人数（人）", "徒弟人数"),
            is_required=False,
        ),
        Column("force_leading", "引领力", ("引领力情况",), group=FORCES),
        Column("force_practice", "实践力", ("实践力情况",), group=FORCES),
        Column("force_innovation", "创新力", ("创新力情况",), group=FORCES),
        Column("force_tackling", "攻关力", ("攻关力情况",), group=FORCES),
        Column("force_passing", "传承力", ("传承力情况",), group=FORCES),
        Column("rank", "推荐排序", ("排序", "推荐顺序", "推荐次序", "排名"), is_required=False),
        Column(
            "phone",
            "联系电话",
            ("电话", "手机", "手机号", "手机号码", "联系方式"),
            is_required=False,
        ),
        # last: sheets that were staged before it was there have no such cell
        Column("occupation_code", "职业编码", ("工种编码", "职业代码"), is_required=False),
    ),
)
KEYS = tuple(column.key for column in FORM.columns)

#: Cells that hold whole paragraphs.
LONG_FIELDS = frozenset(
    {"career", "honours"} | {c.key for c in FORM.columns if c.key.startswith("force_")}
)
