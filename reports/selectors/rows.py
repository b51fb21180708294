"""The rows behind a figure: as they were at the sealing, and what has become of each since."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg import sql

from academies.models import Enrolment
from reports.permissions import reads_all_rows
from reports.rules.queries import ENROLMENTS, source_of
from reports.rules.snapshots import SEPARATOR, answer_to
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from organizations.models import User
    from reports.models import FigureRows
    from reports.rules.queries import Source

PAGE_SIZE = 50
MOST_PAGES = 100_000
#: What can have become of a row, in the order in which they are listed.
CHANGES = {
    "new": "封存后新计入",
    "left": "不再计入",
    "gone": "已删除",
    "changed": "有更正",
    "same": "未变化",
}
COMPARED = """
WITH kept AS (
  SELECT t.id, t.subject, t.said
  FROM reports_figurerows r, unnest(r.ids, r.subjects, r.said) AS t (id, subject, said)
  WHERE r.id = %s
), live AS ({answer}), compared AS (
  SELECT coalesce(kept.id, live.id) AS id, coalesce(kept.said, live.said) AS said,
    live.said AS said_now,
    CASE WHEN kept.id IS NULL THEN 'new'
      WHEN live.id IS NULL AND EXISTS (SELECT FROM {table} t WHERE t.id = kept.id) THEN 'left'
      WHEN live.id IS NULL THEN 'gone'
      WHEN kept.said <> live.said OR kept.subject <> live.subject THEN 'changed'
      ELSE 'same' END AS change
  FROM kept FULL JOIN live USING (id)
), seen AS (SELECT * FROM compared {within})
"""
COUNTED = "SELECT change, count(*) FROM seen GROUP BY change"
NOW = "SELECT count(*), count(DISTINCT subject) FROM live"
LISTED = """
SELECT id, said, said_now, change FROM seen WHERE %s = '' OR change = %s
ORDER BY array_position(%s, change), id LIMIT %s OFFSET %s
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was, and how it stands today."""

    id: int
    source: Source
    was: tuple[str, ...]
    now: tuple[str, ...] | None
    change: str
    person: str = ""

    @property
    def change_label(self) -> str:
        return CHANGES[self.change]

    @property
    def tone(self) -> str:
        return "plain" if self.change == "same" else "warn"

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """Heading, value as it was, and what stands there today where that is something else."""
        now = self.now if self.change == "changed" and self.now else self.was
        then, today = self.source.in_words(self.was), self.source.in_words(now)
        shown = zip(self.source.headings, then, today, strict=True)
        return [(heading, was, "" if was == new else new or "—") for heading, was, new in shown]


@dataclass(frozen=True)
class Evidence:
    """The rows of a part that ``user`` may see, those with changes first, and the counts over all.

    It is sliced like a list; every slice asks the database.
    """

    part: FigureRows
    user: User
    source: Source
    change: str
    counts: Mapping[str, int]
    now_count: int
    now_distinct: int
    page: int

    @property
    def changed_count(self) -> int:
        return sum(count for change, count in self.counts.items() if change != "same")

    @property
    def hidden_count(self) -> int:
        """Rows that were counted and lie outside the reader's reach."""
        then = sum(count for change, count in self.counts.items() if change != "new")
        return self.part.row_count - then

    @property
    def has_persons(self) -> bool:
        return self.source is ENROLMENTS

    @property
    def tallies(self) -> list[tuple[str, str, int]]:
        return [(code, label, self.counts[code]) for code, label in CHANGES.items()]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of ``page``."""
        return self[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]

    def count(self) -> int:
        return self.counts[self.change] if self.change else sum(self.counts.values())

    def __getitem__(self, asked: slice) -> list[Row]:
        statement, params = _compared(self.part, self.source, self.user)
        order = [list(CHANGES), asked.stop - asked.start, asked.start]
        with connection.cursor() as cursor:
            listed = (statement + sql.SQL(LISTED)).as_string()
            cursor.execute(listed, [*params, self.change, self.change, *order])
            found = cursor.fetchall()
        names = _persons(self.source, [row[0] for row in found], self.user)
        return [
            Row(pk, self.source, _cells(was), now and _cells(now), change, names.get(pk, ""))
            for pk, was, now, change in found
        ]


def evidence_of(part: FigureRows, user: User, *, change: str = "", page: int = 1) -> Evidence:
    """What became of the rows of ``part``, as far as ``user`` may see them."""
    source = source_of(part.query)
    statement, params = _compared(part, source, user)
    with connection.cursor() as cursor:
        cursor.execute((statement + sql.SQL(COUNTED)).as_string(), params)
        counts = dict.fromkeys(CHANGES, 0) | dict(cursor.fetchall())
        cursor.execute((statement + sql.SQL(NOW)).as_string(), params)
        now_count, now_distinct = cursor.fetchone()
    return Evidence(part, user, source, change, counts, now_count, now_distinct, page)


def _compared(part: FigureRows, source: Source, user: User) -> tuple[sql.Composed, list[Any]]:
    """Then and now side by side, as far as ``user`` sees."""
    answer, values = answer_to(part.query, part.params)
    within, seen = _within(part, source, user)
    statement = sql.SQL(COMPARED).format(
        answer=answer, table=sql.Identifier(source.model._meta.db_table), within=within
    )
    return statement, [part.pk, *values, *seen]


def _within(part: FigureRows, source: Source, user: User) -> tuple[sql.Composable, tuple[Any, ...]]:
    """All rows for those whose figure it is; for readers from below the live ones they see anyway."""
    figure = part.figure
    bodies = [figure.organization]
    if figure.academy is not None:
        bodies.append(figure.academy.organization)
    if reads_all_rows(user, bodies):
        return sql.SQL(""), ()
    own = source.model.objects.visible_to(user).order_by().values_list("pk")  # type: ignore[attr-defined]
    compiler = own.query.get_compiler(connection=connection, elide_empty=False)
    text, params = compiler.as_sql()
    return sql.SQL("WHERE id IN ({})").format(sql.SQL(text)), params


def _persons(source: Source, ids: list[int], user: User) -> dict[int, str]:
    """Whom rows of the roster are about, read from the roster as it is."""
    if source is not ENROLMENTS:
        return {}
    rows = Enrolment.objects.visible_to(user).filter(pk__in=ids)
    return dict(rows.values_list("pk", "person__name"))


def _cells(said: str) -> tuple[str, ...]:
    return tuple(said.split(SEPARATOR))


def page_number(text: str | None, *, most: int) -> int:
    """A number typed in the address, from 1 to ``most``; anything else is 1."""
    return min(max(natural(text) or 1, 1), most)
