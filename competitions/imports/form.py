"""The list of entrants; and the marking sheet: who, and as many columns of marks as the scheme has."""

from competitions.imports.headings import key_of
from intake.spreadsheets.tables import Column, Form

_NAME = Column("name", "姓名", ("选手姓名", "参赛选手", "参赛人", "选手"))
_IDENTITY = Column(
    "identity",
    "公民身份号码",
    ("身份证号", "身份证号码", "公民身份证号码", "居民身份证号码", "身份证", "身份号码"),
)
_EMPLOYER = Column(
    "employer",
    "单位",
    ("工作单位", "所在单位", "单位名称", "参赛单位", "选送单位"),
    is_required=False,
)
_LEVEL = Column(
    "level",
    "现职业技能等级",
    ("现技能等级", "现等级", "职业技能等级", "技能等级", "现有职业技能等级"),
    is_required=False,
)

ENTRANTS = Form(
    name="参赛名单",
    columns=(
        _NAME,
        _IDENTITY,
        _EMPLOYER,
        _LEVEL,
        Column(
            "since",
            "在本市学习或工作起始日期",
            ("在京学习工作起始日期", "在本市起始日期", "参加工作日期", "起始日期"),
            is_required=False,
        ),
        Column("team", "队名", ("参赛队", "队伍"), is_required=False),
        Column(
            "signed",
            "是否签署参赛承诺",
            ("参赛承诺", "已签署参赛承诺", "签署参赛承诺"),
            is_required=False,
        ),
        Column("late_reason", "逾期补报事由", ("补报事由", "补报原因"), is_required=False),
    ),
)

#: The same for many items: each row says which.
PARTICIPATIONS = Form(
    name="参赛人次",
    columns=(
        Column("item", "项目编码", ("项目代码", "项目编号", "竞赛项目编码")),
        *ENTRANTS.columns,
    ),
)

MARKS = Form(
    name="评分表",
    number="number",
    columns=(
        Column("number", "参赛号", ("参赛编号", "选手编号", "选手号", "参赛证号", "编号", "号码")),
        _NAME,
        _IDENTITY,
        _EMPLOYER,
        _LEVEL,
    ),
    further=key_of,
    examples=(
        "A1（测量,40分）",
        "B1裁判1（评价,60分）",
        "B1裁判2（评价,60分）",
        "B1裁判3（评价,60分）",
    ),
)
