"""The SQL of the import, kept in files: placeholders for cells filled in once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from intake.kinds.statements import Statements, emptied
from talents.imports.form import FORM
from talents.imports.levels import level_sql
from talents.imports.standing import category_sql, yes_sql
from talents.models.persons import month_number_sql
from talents.rules.evidence import certificate_says_sql
from talents.services.unreferenced import unused_sql
from workflow.texts.occupations import OCCUPATION_PATTERN, occupation_sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from organizations.models import Organization

#: Longer than any way of writing nothing, in bytes.
LONGEST_NOTHING = 40
_LABELS = "引领力|实践力|创新力|攻关力|传承力"
#: A statement that plainly says there is none; and one that says nothing, whatever it pretends.
SAYS_NONE = f"^(({_LABELS})?[:：]? *(无|暂无|没有|[/—–-]+)?[。.]?)$"
SAYS_NOTHING = (
    f"^(({_LABELS})?[:：]?)?[^0-9a-z\u4e00-\u9fff]*"
    "(无|暂无|没有|空|略|不详|待定|待填|待补充?|同上|同前|见?附件|none|null|nil|na|n/a|0+)?"
    "[^0-9a-z\u4e00-\u9fff]*$"
)


def _force(place: Callable[[str], str], key: str) -> str:
    """A statement of a force; empty where it says nothing."""
    cell = place(f"force_{key}")
    return f"(case when {_says_nothing(cell)} then '' else {cell} end)"


def _hollow(place: Callable[[str], str], key: str) -> str:
    """Whether it says nothing, and not plainly."""
    cell = place(f"force_{key}")
    return f"({_says_nothing(cell)} and {cell} !~ '{SAYS_NONE}')"


def _says_nothing(cell: str) -> str:
    return f"octet_length({cell}) <= {LONGEST_NOTHING} and {cell} ~* '{SAYS_NOTHING}'"


def _count(place: Callable[[str], str], key: str) -> str:
    """A number without 第 before and 项 or 人 behind it."""
    cell = place(key)
    plainly = f"length({cell}) <= 3 and {cell} ~ '^[0-9]+$'"
    words = f"rtrim(ltrim(replace({emptied(cell)}, ' ', ''), '第'), '项件个名位人余')"
    return f"(case when {cell} = '' or ({plainly}) then {cell} else {words} end)"


SQL = Statements(
    Path(__file__).parent / "sql", FORM, {"force": _force, "hollow": _hollow, "count": _count}
)
statement = cache(SQL.read)


def with_units(text: str, units: QuerySet[Organization]) -> str:
    """The statement ``text``, told among which bodies the units of its rows are looked for."""
    select, values = units.order_by().values_list("id", "name", "uscc").query.sql_with_params()
    selected = connection.ops.compose_sql(select, values)  # type: ignore[attr-defined]
    return text.replace("<units>", selected.replace("%", "%%"))


STATED = statement(
    "stated",
    level=level_sql(SQL.place("skill_level")),
    category=category_sql(SQL.place("category")),
    occupation_code=occupation_sql(emptied(SQL.place("occupation_code"))),
)
JUDGED = statement(
    "judged",
    stated=STATED,
    birth_month=month_number_sql("birth_on"),
    segments=statement("segments", careers=statement("careers"), parted=statement("parted")),
)
REPEATED = statement("repeated")
RANKED_ALIKE = statement("ranked_alike")
RANKS = statement("ranks")
INCOMING = statement("incoming", stated=STATED, code_pattern=f"^{OCCUPATION_PATTERN}$")
PERSONS = statement("persons")
COMPLETIONS = statement("completions")
NOMINATIONS = statement(
    "nominations",
    migrant=yes_sql(SQL.place("is_migrant")),
    non_public=yes_sql(SQL.place("is_non_public")),
    key_industry=yes_sql(SQL.place("is_key_industry")),
)
EMPLOYMENTS = statement(
    "employments",
    segments=statement(
        "segments",
        careers="select line, career, null::date as birth_on from incoming",
        parted=statement("parted"),
    ),
)
CERTIFICATES = statement("certificates", **certificate_says_sql())
TAKE_COMPLETIONS = statement("take_completions")
TAKE_EMPLOYMENTS = statement("take_employments")
TAKE_CERTIFICATES = statement("take_certificates")
TAKE_NOMINATIONS = statement("take_nominations")
LEAVING = "create temporary table leaving (person_id bigint primary key) on commit drop"


def take_persons() -> str:
    """Once every app is there: whatever table refers to persons is asked."""
    return statement("take_persons", unused=unused_sql("p"))
