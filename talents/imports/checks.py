"""What may be wrong with a row of the 汇总表; the conditions are SQL over ``stated.sql``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.kinds.checks import IDENTITY, WARNING, Check, missing, quoted, shifted, too_long
from talents.imports.certificates import NUMBER_CHECKS, level_check
from talents.imports.form import KEYS
from talents.imports.names import NAME_CHECK, tells_number_check
from talents.models.persons import month_number_sql
from talents.models.standards import (
    EDUCATIONS,
    ETHNICITIES,
    EVERYDAY_EDUCATIONS,
    POLITICAL_STATUSES,
)
from talents.rules.evidence import says_another_level_sql
from talents.rules.telling import TYPED
from workflow.texts.occupations import OCCUPATION_PATTERN, OCCUPATION_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

#: One answer about a person of a unit out of reach, whatever it is that stands in the way.
ELSEWHERE = "person-elsewhere"
BEARS_ANOTHER_NAME = "person_id is not null and name <> '' and replace(person_name, ' ', '') <> replace(name, ' ', '')"
ASK = "，请核对后更正"
NOT_TAKEN = "，该项暂未采用，请核对后更正"
#: A date like 1990.1 may be January, or October typed as a number: it agrees with both.
BIRTH_DIFFERS = f"""birth_month <> {month_number_sql("identity_birth_on")}
  and not (birth ~ '[.]1$' and extract(month from identity_birth_on) = 10
    and mod(birth_month, 12) = 0 and birth_month / 12 = extract(year from identity_birth_on))"""


def _number(field: str, code: str = "number-unreadable") -> Check:
    says = f"'“' || left(p.{field}, 20) || '”不是整数{NOT_TAKEN}'"
    return Check(code, field, f"{field} <> '' and {field} !~ '^[0-9]{{1,6}}$'", says, WARNING)


def _standard(field: str, label: str, words: Sequence[str]) -> Check:
    """What is on file in other words is kept as it is: it can be neither counted nor picked again."""
    listed = ", ".join(map(quoted, words))
    says = f"'“' || left(p.{field}, 20) || '”不是国家标准中的{label}名称（如“{words[0]}”），按原样登记{ASK}'"
    return Check(
        "word-not-standard", field, f"{field} <> '' and {field} not in ({listed})", says, WARNING
    )


UNIT = (
    Check(
        "unit-missing", "unit", "unit_name = '' and uscc = ''", "'没有填写工作单位，请填写单位全称'"
    ),
    Check(
        "unknown-organization",
        "unit",
        "unit_id is null and (unit_name <> '' or uscc <> '') and coalesce(bodies, 0) <= 1",
        "'在您的管辖范围内没有找到“' || left(p.unit_name, 60) || '”'"
        " || case when p.uscc <> '' then '（' || left(p.uscc, 20) || '）' else '' end"
        " || '，请核对统一社会信用代码或单位全称，新单位请先登记'",
        may_arise=True,
    ),
    Check(
        "ambiguous-organization",
        "unit",
        "unit_id is null and bodies > 1",
        "'有' || p.bodies || '个单位同名“' || left(p.unit_name, 60) || '”，请填写统一社会信用代码'",
        may_arise=True,
    ),
    Check(
        "uscc-name-mismatch",
        "uscc",
        "unit_id is not null and uscc <> '' and unit_name <> '' and coalesce(is_other_name, true)",
        "case when p.is_other_name then '该代码登记的单位名称与“' || left(p.unit_name, 60)"
        " || '”不同，已按代码归属' else '没有登记代码“' || left(p.uscc, 20)"
        f" || '”，已按单位名称归属' end || '{ASK}'",
        WARNING,
    ),
)
PERSON = (
    missing("name-missing", "name", "姓名"),
    NAME_CHECK,
    Check(
        "name-conflict",
        "name",
        f"is_near and {BEARS_ANOTHER_NAME}",
        "'该公民身份号码已登记在另一个姓名之下，请核对身份证原件；确认无误的，请联系主管工会更正人员档案'",
        may_arise=True,
    ),
    Check("sex-unreadable", "sex", "sex is null", f"'性别应为“男”或“女”{NOT_TAKEN}'", WARNING),
    Check(
        "sex-mismatch",
        "sex",
        "sex <> '' and identity_sex <> '' and sex <> identity_sex",
        f"'与公民身份号码所示性别不符{ASK}'",
        WARNING,
    ),
    Check(
        "birth-unreadable",
        "birth",
        "birth <> '' and birth_month is null",
        "'“' || left(p.birth, 20) || '”看不懂，出生日期按公民身份号码登记；请写成“1980年5月”'",
        WARNING,
    ),
    Check(
        "birth-mismatch",
        "birth",
        BIRTH_DIFFERS,
        "'“' || left(p.birth, 20) || '”与公民身份号码中的'"
        f" || to_char(p.identity_birth_on, 'YYYY\"年\"FMMM\"月\"') || '不符，按公民身份号码登记{ASK}'",
        WARNING,
    ),
)
STANDARD = (
    _standard("ethnicity", "民族", ETHNICITIES),
    _standard("education", "学历", (*EDUCATIONS, *EVERYDAY_EDUCATIONS)),
    Check(
        "category-unreadable",
        "category",
        "category is null",
        f"'“' || left(p.category_text, 20) || '”不是人员类别，请写产业工人、其他一线、科教、管理或负责人{NOT_TAKEN}'",
        WARNING,
    ),
    _standard("political_status", "政治面貌", POLITICAL_STATUSES),
    Check(
        "occupation-code-unusable",
        "occupation_code",
        f"occupation_code <> '' and occupation_code !~ '^{OCCUPATION_PATTERN}$'",
        f"'“' || left(p.occupation_code, 20) || '”：{OCCUPATION_WORDS}{NOT_TAKEN}'",
        WARNING,
    ),
)
CAREER = (
    Check(
        "career-unreadable",
        "career",
        "unread is not null",
        "'“' || left(p.unread, 40) || '”看不懂起止年月，请写成“2010年1月至2012年6月 单位 岗位”，各段用分号隔开'",
    ),
    Check(
        "career-reversed",
        "career",
        "reversed is not null",
        "'“' || left(p.reversed, 40) || '”结束年月早于起始年月，请更正'",
    ),
    Check(
        "career-note",
        "career",
        "unread is null and aside is not null",
        "'“' || left(p.aside, 40) || '”没有年月，未作为工作经历登记'",
        WARNING,
    ),
    Check(
        "career-future",
        "career",
        "ahead is not null",
        f"'“' || left(p.ahead, 40) || '”在基准日之后{ASK}'",
        WARNING,
    ),
    Check(
        "career-impossible",
        "career",
        "impossible is not null",
        "'“' || left(p.impossible, 40) || '”的年份不实，请核对后更正'",
    ),
    Check(
        "career-young",
        "career",
        "young is not null",
        "'“' || left(p.young, 40) || '”始于出生之前或童年，请核对经历和公民身份号码'",
        WARNING,
    ),
    Check(
        "career-remark-dated",
        "career",
        "remarked is not null and unread is null",
        "'“' || left(p.remarked, 60) || '”括号里另有年月，没有另计也没有扣除；需要扣除的，请分段填写'",
        WARNING,
    ),
    Check("text-too-long", "career", "is_wordy", "'有一段的单位或岗位名称过长，请精简后更正'"),
)
FORCES = tuple(
    Check(
        "statement-hollow",
        field,
        f"'{field}' = any(hollow)",
        "'没有写明具体情况，按未填写登记，请补充'",
        WARNING,
    )
    for field in KEYS
    if field.startswith("force_")
)
SKILL = (
    Check(
        "level-unreadable",
        "skill_level",
        "level is null",
        f"'“' || left(p.level_text, 20) || '”不是技能等级名称（初级工至首席技师）{NOT_TAKEN}'",
        WARNING,
    ),
    *NUMBER_CHECKS,
    level_check(
        f"level <> '' and {says_another_level_sql('level')}",
        f"'填写的“' || left(p.level_text, 20) || '”不符{ASK}'",
    ),
)
RANK_GIVEN = Check(
    "rank-given",
    "rank",
    "ranked_before is not null",
    "'该单位在本轮次已把第' || ltrim(p.rank, '0') || '位排给' || p.ranked_before || '，本行按未排登记，请核对后更正'",
    WARNING,
)
ROW = (
    shifted("number"),
    Check("row-number-missing", "number", "number = ''", "'没有填写序号，按表格行号识别'", WARNING),
    Check(
        "row-number-unreadable",
        "number",
        "number <> '' and number !~ '^[0-9]{1,9}$'",
        "'序号“' || p.number || '”不是整数，按表格行号识别'",
        WARNING,
    ),
)
FILED = (
    Check(
        "duplicate-nomination",
        "identity",
        "is_filed and is_filed_near",
        "'该人员在本轮次已被推荐，一人一轮只能推荐一次，请核对后删去本行'",
        may_arise=True,
    ),
    Check(
        ELSEWHERE,
        "identity",
        f"(is_filed and not is_filed_near) or (not is_near and {BEARS_ANOTHER_NAME})",
        "'该人员须由上级工会核对后受理，本行未受理；已转共同上级工会核对'",
        may_arise=True,
    ),
)
LIMITED = (
    "name",
    "ethnicity",
    "political_status",
    "education",
    "post",
    "occupation",
    "certificate",
)

CHECKS = (
    *IDENTITY,
    *PERSON,
    *STANDARD,
    *UNIT,
    *CAREER,
    *FORCES,
    *SKILL,
    *(_number(field) for field in ("patents", "apprentices")),
    _number("rank", "rank-unreadable"),
    RANK_GIVEN,
    *(too_long(field) for field in LIMITED),
    *(tells_number_check(field) for field in TYPED),
    *ROW,
    *FILED,
)
#: What another batch, a form or a closed unit may have made faulty since the preview.
ARISING = tuple(check for check in CHECKS if check.may_arise)

#: What each kind of fault is called in a list to choose from.
TITLES = {
    "ambiguous-organization": "单位同名",
    "birth-mismatch": "出生年月不符",
    "birth-unreadable": "出生年月看不懂",
    "career-future": "经历在基准日之后",
    "career-impossible": "经历年份不实",
    "career-note": "经历中的附注",
    "career-remark-dated": "经历附注另有年月",
    "career-reversed": "经历起止颠倒",
    "career-unreadable": "经历看不懂",
    "career-young": "经历始于童年",
    "category-unreadable": "人员类别看不懂",
    "certificate-length": "证书编号位数不对",
    "certificate-level-mismatch": "证书等级不符",
    "certificate-rounded": "证书编号失真",
    "duplicate-nomination": "重复推荐",
    "identity-characters": "身份号码有错字",
    "identity-checksum": "身份号码校验不符",
    "identity-date": "身份号码日期不对",
    "identity-missing": "未填身份号码",
    "identity-rounded": "身份号码失真",
    "level-unreadable": "技能等级看不懂",
    "name-conflict": "姓名与档案不符",
    "name-missing": "未填姓名",
    "number-unreadable": "数目看不懂",
    "occupation-code-unusable": "职业编码不符",
    "person-elsewhere": "须由上级工会核对",
    "post-tells-number": "写有个人号码",
    "rank-given": "位次已排给他人",
    "rank-unreadable": "排序看不懂",
    "row-number-missing": "未填序号",
    "row-number-unreadable": "序号看不懂",
    "row-shifted": "整行错位",
    "sex-mismatch": "性别不符",
    "sex-unreadable": "性别看不懂",
    "statement-hollow": "五力没有写明",
    "unit-missing": "未填单位",
    "unknown-organization": "单位未登记",
    "uscc-name-mismatch": "信用代码与单位不符",
    "word-not-standard": "不是规范名称",
}
