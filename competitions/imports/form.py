"""The marking sheet: who, and as many columns of marks as the scheme has."""

from competitions.imports.headings import key_of
from intake.spreadsheets.tables import Column, Form

MARKS = Form(
    name="评分表",
    number="number",
    columns=(
        Column("number", "参赛号", ("参赛编号", "选手编号", "选手号", "参赛证号", "编号", "号码")),
        Column("name", "姓名", ("选手姓名", "参赛选手", "参赛人", "选手")),
        Column(
            "identity",
            "公民身份号码",
            ("身份证号", "身份证号码", "公民身份证号码", "居民身份证号码", "身份证", "身份号码"),
        ),
        Column(
            "employer",
            "单位",
            ("工作单位", "所在单位", "单位名称", "参赛单位", "选送单位"),
            is_required=False,
        ),
        Column(
            "level",
            "现职业技能等级",
            ("现技能等级", "现等级", "职业技能等级", "技能等级", "现有职业技能等级"),
            is_required=False,
        ),
    ),
    further=key_of,
    examples=(
        "A1（测量,40分）",
        "B1裁判1（评价,60分）",
        "B1裁判2（评价,60分）",
        "B1裁判3（评价,60分）",
    ),
)
