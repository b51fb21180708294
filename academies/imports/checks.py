"""What may be wrong with a cell of a training workbook; the conditions are SQL over the stated rows."""

from __future__ import annotations

from intake.kinds.checks import WARNING, Check, missing, shifted, too_long
from talents.imports.certificates import NUMBER_CHECKS, level_check
from talents.imports.names import PERSON
from talents.models.persons import LevelRank
from talents.rules.evidence import says_another_level_sql

MEND = "，请核对后更正"
NOT_TAKEN = "，该项暂未采用，请核对后更正"
BEFORE, AFTER = LevelRank.sql("level_before"), LevelRank.sql("level_after")


def _cell(column: str, length: int = 30) -> str:
    """The start of a message: what stands in the cell."""
    return f"'“' || left(p.{column}, {length}) || '”"


def _held(begins: str, ends: str, practical: str) -> str:
    """When a class was held, and whether in practice, in words."""
    return (
        f"coalesce(p.{begins}::text, '日期不明') || '至' || coalesce(p.{ends}::text, '日期不明')"
        f" || case when p.{practical} then '，实操' else '' end"
    )


def _day(field: str, column: str, what: str) -> Check:
    return Check(
        f"{column.removesuffix('_text')}-unreadable",
        field,
        f"{column} <> '' and {field} is null",
        f"{_cell(column)}不是{what}，请写成“2025-05-09”这样的日期'",
    )


def _level(field: str, column: str) -> Check:
    return Check(
        "level-unreadable",
        field,
        f"{field} is null",
        f"{_cell(column, 20)}不是技能等级名称（初级工至首席技师，没有等级的填“无”）{MEND}'",
    )


SHIFTED = shifted("class_number")

CLASS_CHECKS = (
    missing("class-number-missing", "class_number", "班次编号"),
    Check(
        "duplicate-class",
        "class_number",
        "is_filed and not is_same",
        "'本年度已登记的班次“' || p.class_number || '”是“' || left(p.filed_name, 60) || '”（'"
        f" || {_held('filed_from', 'filed_to', 'filed_practical')} || '），本行是“'"
        f" || left(p.class_name, 60) || '”（' || {_held('starts_on', 'ends_on', 'is_practical')}"
        " || '），两者不同；另开的一期请改用新的班次编号，确是同一期的请把本行改成与登记的一致。"
        "改正之前，该班的学员不入库'",
        may_arise=True,
    ),
    Check(
        "class-on-file",
        "class_number",
        "is_same",
        "'本年度已登记班次“' || p.class_number || '”，与本行一致，不再重复登记；该班的学员随名册导入'",
        may_arise=True,
    ),
    missing("class-name-missing", "class_name", "班次名称"),
    Check(
        "specialty-not-a-brand",
        "specialty",
        "specialty <> '' and not is_brand",
        f"{_cell('specialty', 60)}不在本院登记的特色专业（工种）之内{MEND}'",
        WARNING,
    ),
    Check(
        "form-unreadable",
        "form",
        "form is null",
        f"{_cell('form_text')}不是“线下”“线上”或“线上线下结合”{NOT_TAKEN}'",
        WARNING,
    ),
    Check(
        "practical-missing",
        "practical",
        "practical_text = ''",
        "'没有填写，按“否”登记；实操班请填“是”'",
        WARNING,
    ),
    Check(
        "practical-unreadable",
        "practical",
        "is_practical is null",
        f"{_cell('practical_text')}应为“是”或“否”{MEND}'",
    ),
    missing("start-missing", "starts_on", "开始日期", column="starts_text"),
    _day("starts_on", "starts_text", "日期"),
    missing("end-missing", "ends_on", "结束日期", column="ends_text"),
    _day("ends_on", "ends_text", "日期"),
    Check(
        "class-ends-before-start",
        "ends_on",
        "ends_on < starts_on",
        "'结束日期' || p.ends_on || '早于开始日期' || p.starts_on || '，请更正'",
    ),
    Check(
        "class-outside-year",
        "starts_on",
        "starts_on <= ends_on and %(year)s not between extract(year from starts_on)"
        " and extract(year from ends_on)",
        f"'开班日期' || p.starts_on || '不在'|| %(year)s || '年度内{MEND}'",
    ),
    Check(
        "class-before-designation",
        "starts_on",
        "ends_on < %(designated_on)s",
        f"'结束于' || p.ends_on || '，早于学院命名日期' || %(designated_on)s::date || '{MEND}'",
        WARNING,
    ),
    Check(
        "class-not-yet-over",
        "ends_on",
        "ends_on > %(today)s",
        "'到' || p.ends_on || '才结束；考核结果和等级变化请在结束后填报'",
        WARNING,
    ),
    Check(
        "hours-unreadable",
        "hours",
        "hours <> '' and hours !~ '^[0-9]{1,4}([.][0-9])?$'",
        f"{_cell('hours')}不是学时数{NOT_TAKEN}'",
        WARNING,
    ),
    Check(
        "planned-unreadable",
        "planned",
        "planned <> '' and planned !~ '^[0-9]{1,6}$'",
        f"{_cell('planned')}不是整数{NOT_TAKEN}'",
        WARNING,
    ),
    *(too_long(field) for field in ("class_number", "class_name", "specialty", "room")),
    SHIFTED,
)

ROSTER_CHECKS = (
    missing("class-missing", "class_number", "班次编号"),
    Check(
        "unknown-class",
        "class_number",
        "class_number <> '' and class_id is null and not is_staged and not is_refused",
        f"{_cell('class_number')}不在本表“培训班”工作表中，本年度也没有登记过{MEND}'",
        may_arise=True,
    ),
    Check(
        "class-refused",
        "class_number",
        "is_refused",
        f"'“培训班”工作表中的班次' || {_cell('class_number')}尚有错误或已不再处理，"
        "请先更正该班次' || case when p.class_id is null then ''"
        " else '；不会并入本年度已登记的同号班次' end",
    ),
    *PERSON,
    Check(
        "duplicate-enrolment",
        "identity",
        "is_filed",
        "'该学员在本班次已登记，同一班次只能登记一次，请核对后删去本行'",
        may_arise=True,
    ),
    Check(
        "two-rooms-at-once",
        "identity",
        "is_elsewhere",
        "'该学员同一时段已在另一处线下培训班的名册上，一人不能同时在两处上课，请核验后更正'",
        may_arise=True,
    ),
    Check("employer-missing", "employer", "employer = ''", "'没有填写工作单位，请补填'", WARNING),
    Check(
        "attendance-unreadable",
        "attendance",
        "attendance_text <> '' and (attendance is null or attendance > 100)",
        f"{_cell('attendance_text')}不是0至100之间的百分数{NOT_TAKEN}'",
        WARNING,
    ),
    Check(
        "result-missing",
        "result",
        "result_text = ''",
        "'没有填写考核结果，按未考核登记，不计入技能提升'",
        WARNING,
    ),
    Check(
        "result-unreadable",
        "result",
        "result_text <> '' and passed is null",
        f"{_cell('result_text')}应为“合格”或“不合格”{MEND}'",
    ),
    _level("level_before", "before_text"),
    _level("level_after", "after_text"),
    Check(
        "level-falls",
        "level_after",
        f"level_after <> level_before and {AFTER} < {BEFORE}",
        "'培训后等级' || "
        + _cell("after_text", 20)
        + "低于培训前等级' || "
        + _cell("before_text", 20)
        + f"{MEND}'",
    ),
    Check(
        "failed-but-upgraded",
        "result",
        f"not passed and {AFTER} > {BEFORE}",
        f"'考核不合格，培训后等级却高于培训前，不计入技能提升{MEND}'",
        WARNING,
    ),
    *NUMBER_CHECKS,
    level_check(
        says_another_level_sql("level_after"),
        f"'培训后等级' || {_cell('after_text', 20)}不符{MEND}'",
    ),
    *(too_long(field) for field in ("name", "employer", "occupation", "certificate")),
    SHIFTED,
)


def arising(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """What another batch or a form may have made faulty since the preview."""
    return tuple(check for check in checks if check.may_arise)


#: What people call each fault where they choose which to look at.
TITLES = {
    "class-number-missing": "没有班次编号",
    "duplicate-class": "班次重复",
    "class-on-file": "班次已登记",
    "class-name-missing": "没有班次名称",
    "specialty-not-a-brand": "不在特色专业之内",
    "form-unreadable": "培训形式看不懂",
    "practical-missing": "没有填写是否实操",
    "practical-unreadable": "是否实操看不懂",
    "start-missing": "没有开始日期",
    "starts-unreadable": "开始日期看不懂",
    "end-missing": "没有结束日期",
    "ends-unreadable": "结束日期看不懂",
    "class-ends-before-start": "结束早于开始",
    "class-outside-year": "不在本年度",
    "class-before-designation": "早于学院命名",
    "class-not-yet-over": "培训班尚未结束",
    "hours-unreadable": "学时看不懂",
    "planned-unreadable": "计划人数看不懂",
    "class-missing": "没有班次编号",
    "unknown-class": "班次不存在",
    "class-refused": "所在班次有错误",
    "duplicate-enrolment": "同班重复登记",
    "two-rooms-at-once": "同时在两处上课",
    "employer-missing": "没有工作单位",
    "attendance-unreadable": "出勤率看不懂",
    "result-missing": "没有考核结果",
    "result-unreadable": "考核结果看不懂",
    "level-unreadable": "技能等级看不懂",
    "level-falls": "等级下降",
    "failed-but-upgraded": "不合格而等级提升",
    "certificate-rounded": "证书编号末位丢失",
    "certificate-length": "证书编号位数不对",
    "certificate-level-mismatch": "证书编号与等级不符",
}
