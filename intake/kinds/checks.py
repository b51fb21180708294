"""Checks as data: each names its cell and says what is wrong; one statement runs them all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.models import ImportBatch

ERROR, WARNING = "error", "warning"
#: What the faults of any cell, whatever the sheet is about, are called in a list to choose from.
TITLES = {
    "cell-in-error": "公式出错",
    "cell-unseen-signs": "看不见的字符",
    "row-hidden": "隐藏的行",
    "telephone-unreadable": "电话不完整",
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
