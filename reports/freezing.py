"""Keeping which rows a figure counted: one INSERT … SELECT, so that any number of rows stays cheap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F
from psycopg import sql
from psycopg.types.json import Jsonb

from reports.models import FigureRows
from reports.queries import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

SEPARATOR = "\x1f"
#: A name could hold the signs that part fields and lines; they become blanks.
KEEP = """
INSERT INTO {table} (figure_id, position, part, query, params, ids, subjects, said, row_count,
    distinct_count, digest)
SELECT %s, %s, %s, %s, %s,
  coalesce(array_agg(id ORDER BY id), '{{}}'), coalesce(array_agg(subject ORDER BY id), '{{}}'),
  coalesce(array_agg(said ORDER BY id), '{{}}'), count(*), count(DISTINCT subject),
  encode(sha256(convert_to(coalesce(string_agg(
    concat_ws(E'\\x1f', id, subject, said), E'\\n' ORDER BY id), ''), 'UTF8')), 'hex')
FROM (
  SELECT id, subject, concat_ws(E'\\x1f', {said}) AS said FROM ({rows}) AS found (id, subject, {columns})
) AS kept
RETURNING row_count, distinct_count
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One set of rows behind a figure: by which question, with what it is called."""

    query: str
    params: Mapping[str, Any]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was counted over the rows as they were kept."""

    row_count: int
    distinct_count: int


def freeze(figure_id: int, position: int, part: Part, rows: QuerySet | None = None) -> Kept:
    """Keep the rows of ``part`` for a figure; ``rows`` if they are known without asking."""
    question = QUESTIONS[part.query]
    found = question.rows(part.params) if rows is None else rows
    names = [f"column_{number}" for number in range(len(question.source.columns))]
    shown = dict(zip(names, question.source.columns, strict=True))
    asked = found.order_by().annotate(subject_id_=F(question.source.subject), **shown)
    text, params = _compiled(asked.values_list("pk", "subject_id_", *names))
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    said = sql.SQL(", ").join(
        sql.SQL("translate({}::text, E'\\x1f\\n\\r', '   ')").format(sql.Identifier(name))
        for name in names
    )
    statement = sql.SQL(KEEP).format(
        table=sql.Identifier(FigureRows._meta.db_table), said=said, rows=text, columns=columns
    )
    about = [figure_id, position, part.title, part.query, Jsonb(dict(part.params))]
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(), [*about, *params])
        return Kept(*cursor.fetchone())


def _compiled(queryset: QuerySet) -> tuple[sql.SQL, tuple[Any, ...]]:
    compiler = queryset.query.get_compiler(connection=connection, elide_empty=False)
    text, params = compiler.as_sql()
    return sql.SQL(text), params
