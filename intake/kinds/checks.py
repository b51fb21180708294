"""Checks as data: each names its cell and says what is wrong; one statement runs them all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from workflow.texts.identity import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.models import ImportBatch

ERROR, WARNING = "error", "warning"
#: What the faults of any cell, whatever the sheet is about, are called in a list to choose from.
TITLES = {
    "cell-in-error": "公式出错",
    "cell-unseen-signs": "看不见的字符",
    "identity-characters": "身份号码有非法字符",
    "identity-checksum": "身份号码校验位不符",
    "identity-date": "身份号码日期不实",
    "identity-length": "身份号码位数不对",
    "identity-missing": "没有身份号码",
    "identity-rounded": "身份号码末位丢失",
    "name-conflict": "同一号码两个姓名",
    "name-missing": "没有姓名",
    "name-unreadable": "不是姓名",
    "row-hidden": "隐藏的行",
    "row-shifted": "内容错位",
    "telephone-unreadable": "电话不完整",
    "text-too-long": "内容过长",
}

#: A row's columns are computed once (``offset 0``), each check is asked once, and messages are put
#: together only for what was found.
FIND = """
    insert into intake_importfinding
      (batch_id, line, number, field, "column", code, severity, message)
    select %(batch)s, p.line, p.number, c.field, c."column", c.code, c.severity,
      '第' || p.line || '行“' || c."column" || '”：' || (case c.place <says> end)
    from (
      select q.*, array_remove(array[<faults>], null) as faults
      from (<rows>) q
      offset 0
    ) p
    cross join lateral unnest(p.faults) as fault
    join jsonb_to_recordset(%(checks)s::jsonb)
      as c(place int, field text, "column" text, code text, severity text) on c.place = fault
    order by p.line, c.place
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that may be wrong with one cell; ``when`` and ``says`` are SQL over a row.

    ``may_arise``: what was sound at the preview may be faulty at the commit.
    """

    code: str
    field: str
    when: str
    says: str
    severity: str = ERROR
    may_arise: bool = False


def quoted(text: str) -> str:
    """``text`` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def missing(code: str, field: str, what: str, *, column: str = "") -> Check:
    """That a cell is empty; ``column`` is that of the row, where it is not named as the cell."""
    return Check(code, field, f"{column or field} = ''", quoted(f"没有填写{what}，请填写"))


def shifted(field: str) -> Check:
    """That a line has more cells than there are headings, said at the first of them."""
    says = "该行的格数多于表头，可能有未加引号的逗号使内容错位；请用 Excel 另存为 .xlsx 后重新上传"
    return Check("row-shifted", field, "'shifted' = any(flags)", quoted(says))


#: What an identity number may be wrong in; staged rows name it in ``identity_problem``.
IDENTITY = tuple(
    Check(code, "identity", f"identity_problem = '{code}'", quoted(words))
    for code, words in PROBLEMS.items()
)


def too_long(field: str) -> Check:
    """That a cell holds more than its column takes; staged rows name it in ``long_field``."""
    says = quoted("内容过长，超过表格允许的字数，请精简后更正")
    return Check("text-too-long", field, f"long_field = '{field}'", says)


def run(batch: ImportBatch, checks: Sequence[Check], *, rows: str, values: dict[str, Any]) -> int:
    """Write the findings of ``checks`` over the rows that the SQL ``rows`` gives; how many."""
    faults = [f"case when {check.when} then {place} end" for place, check in enumerate(checks)]
    says = [f"when {place} then {check.says}" for place, check in enumerate(checks)]
    statement = (
        FIND.replace("<says>", "\n".join(says))
        .replace("<faults>", ",\n".join(faults))
        .replace("<rows>", rows)
    )
    about = [
        {
            "place": place,
            "field": check.field,
            "column": batch.headings[check.field],
            "code": check.code,
            "severity": check.severity,
        }
        for place, check in enumerate(checks)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {**values, "batch": batch.pk, "checks": json.dumps(about, ensure_ascii=False)},
        )
        return cursor.rowcount
