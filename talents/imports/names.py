"""What may stand for a person's name in a sheet, whatever the sheet is about.

The condition is SQL over a row with the column ``name``, folded: ``王芳``, ``买买提·艾力``, ``John Smith``.
"""

from __future__ import annotations

from intake.kinds.checks import IDENTITY, Check, missing, quoted
from talents.rules.telling import CODE, SAYS, tells_number_sql
from talents.services.persons import CONFLICT

_HAN = "〇㐀-䶿一-鿿\U00020000-\U000323af"
_LATIN = "A-Za-zÀ-ɏЀ-ӿ"
_BODIES = "公司|集团|学院|学校|工会|委员会|中心|车间|班组|项目部|有限|厂$|部门$"
#: A single character is no name, nor are words for nothing.
_NAME = f"^([{_HAN}]{{2,}}(·[{_HAN}]+)*|[{_HAN}]+(·[{_HAN}]+)+|[{_LATIN}][{_LATIN} .'’·-]+)$"

NAME_CHECK = Check(
    "name-unreadable",
    "name",
    f"name <> '' and (name !~ '{_NAME.replace(chr(39), chr(39) * 2)}' or name ~ '{_BODIES}'"
    " or name in ('暂无', '没有', '不详', '姓名', '示例', '同上', '待定'))",
    "'“' || left(p.name, 30) || '”不像一个人的姓名（缺字、数字、符号、两个人或单位名称），"
    "请按身份证填写'",
)


def tells_number_check(field: str) -> Check:
    """That a cell which is going to be public has somebody's number in it."""
    return Check(CODE, field, tells_number_sql(field), quoted(SAYS))


#: What may be wrong with whom a line names: the number, the name, and both against the register.
PERSON = (
    *IDENTITY,
    missing("name-missing", "name", "姓名"),
    NAME_CHECK,
    Check(
        CONFLICT,
        "name",
        "person_id is not null and name <> ''"
        " and replace(person_name, ' ', '') <> replace(name, ' ', '')",
        "'姓名与公民身份号码未能核对一致，请核对身份证原件；确认无误的，请联系主管工会'",
        may_arise=True,
    ),
)
