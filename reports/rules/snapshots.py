"""Keeping which rows a figure counted: one INSERT … SELECT, so that any number of rows stays cheap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F
from psycopg import sql
from psycopg.types.json import Jsonb

from policies.facts import rows_named
from reports.models import FigureRows
from reports.rules.queries import source_of
from workflow.records.canonical import netstrings_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

SEPARATOR = "\x1f"
#: A name could hold the signs that part fields and lines; they become blanks.
SAID = "translate({}::text, E'\\x1f\\n\\r', '   ')"
ANSWER = """
SELECT id, subject, concat_ws(E'\\x1f', {said}) AS said
FROM ({rows}) AS found (id, subject, {columns})
"""
#: What the digest of a set of rows is taken over, row by row.
ROW = netstrings_sql("{id}", "coalesce({subject}::text, '')", "{said}")
KEEP = """
INSERT INTO {table} (figure_id, position, part, query, params, ids, subjects, said, row_count,
    distinct_count, digest)
SELECT %s, %s, %s, %s, %s,
  coalesce(array_agg(id ORDER BY id), '{{}}'), coalesce(array_agg(subject ORDER BY id), '{{}}'),
  coalesce(array_agg(said ORDER BY id), '{{}}'), count(*), count(DISTINCT subject),
  encode(sha256(convert_to(coalesce(string_agg({row}, '' ORDER BY id), ''), 'UTF8')), 'hex')
FROM ({answer}) AS kept
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
    answer, params = answer_to(part.query, part.params, rows)
    statement = sql.SQL(KEEP).format(
        table=sql.Identifier(FigureRows._meta.db_table),
        row=sql.SQL(ROW.format(id="id", subject="subject", said="said")),
        answer=answer,
    )
    about: list[Any] = [figure_id, position, part.title, part.query, Jsonb(dict(part.params))]
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(), [*about, *params])
        return Kept(*cursor.fetchone())


def answer_to(
    query: str, params: Mapping[str, Any], rows: QuerySet | None = None
) -> tuple[sql.Composed, tuple[Any, ...]]:
    """SELECT id, subject, said of the rows that answer a question today."""
    source = rows_named(query)
    found = source.found(params) if rows is None else rows
    columns = {f"column_{n}": value for n, value in enumerate(source_of(query).columns)}
    answers = found.order_by().annotate(counted_once=F(source.subject), **columns)
    listed = answers.values_list("pk", "counted_once", *columns)
    compiler = listed.query.get_compiler(connection=connection, elide_empty=False)
    text, values = compiler.as_sql()
    names = [sql.Identifier(name) for name in columns]
    answer = sql.SQL(ANSWER).format(
        said=sql.SQL(", ").join(sql.SQL(SAID).format(name) for name in names),
        rows=sql.SQL(text),
        columns=sql.SQL(", ").join(names),
    )
    return answer, values
