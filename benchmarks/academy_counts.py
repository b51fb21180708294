"""Ten million enrolments of 500 academies and three years: reading the kept counts, proving them,
keeping them.

Reading must not grow with the enrolments; the recount must be no slower than the barest query over
the covering index; a set-wise insert pays for its counts, by triggers on the planner's own settings.
"""

from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from academies.models import AcademyYear
from academies.selectors.recount import (
    KEPT,
    RECOUNT,
    RECOUNT_PERSONS,
    differences,
)
from benchmarks import clusters
from benchmarks.clusters import as_administrator
from benchmarks.measuring import Goal, alternately, ratio
from config.local_services.postgres import OWNER, LocalPostgres

TIMES = 10  # as many rows as other benches work on
ACADEMIES, YEARS, A_CLASS = 500, (2024, 2025, 2026), 100
MOST_MILLISECONDS, MOST_GROWTH, MOST_RECOUNT, MOST_KEEPING = 20, 1.2, 1.2, 2.5
BROUGHT, A_BATCH = 100_000, 1_000
MADE_AGAIN = ("enrolment_by_academy_and_year", "academies_enrolment_person_id")
ACADEMY_ROWS = """
    INSERT INTO academies_academy (code, name, name_pinyin, name_initials, tier,
      supervising_union_id, organization_id, designated_on, version)
    SELECT 'B' || g, '第' || g || '工匠学院', '', '', 'capital', u.id, u.id, '2022-09-15', 1
    FROM generate_series(1, %(academies)s) g,
      (SELECT id FROM organizations_organization WHERE code = 'BJ') u
"""
CLASS_ROWS = """
    INSERT INTO academies_trainingclass (academy_id, year, number, name, specialty, form,
      is_practical, starts_on, ends_on, room, version)
    SELECT a.id, y, y || '-' || n, '能力提升班', '', 'offline', n %% 3 = 0, make_date(y, 5, 9),
      make_date(y, 5, 12), '', 1
    FROM academies_academy a, unnest(%(years)s::int[]) y, generate_series(1, %(classes)s) n
    ORDER BY a.id, y, n
"""
ENROLMENT_ROWS = """
    INSERT INTO academies_enrolment (training_class_id, academy_id, year, is_practical, person_id,
      version, passed, level_before, level_after, attendance, employer, occupation,
      certificate_number)
    SELECT c.id, c.academy_id, c.year, c.is_practical,
      1 + (c.academy_id * 1997 + (c.turn * 100 + k) * 7919 %% 5000) %% %(persons)s, 1, k %% 10 < 9,
      '4', CASE WHEN k %% 5 = 0 THEN '3' ELSE '4' END, 95, '第一公司', '电工', ''
    FROM (SELECT *, row_number() OVER (PARTITION BY academy_id, year ORDER BY id) AS turn
          FROM academies_trainingclass) c, generate_series(1, %(a_class)s) k
"""
ANOTHER_CLASS = """
    INSERT INTO academies_trainingclass (academy_id, year, number, name, specialty, form,
      is_practical, starts_on, ends_on, room, version)
    SELECT a.id, 2025, 'NEW', '能力提升班', '', 'offline', true, '2025-05-09', '2025-05-12', '', 1
    FROM academies_academy a
"""
BRING = """
    INSERT INTO academies_enrolment (training_class_id, academy_id, year, is_practical, person_id,
      version, passed, level_before, level_after, attendance, employer, occupation,
      certificate_number)
    SELECT c.id, c.academy_id, c.year, c.is_practical, 1 + (c.academy_id * 1997 + k * 13) %% %(persons)s,
      1, true, '4', '3', 95, '第一公司', '电工', ''
    FROM academies_trainingclass c, generate_series(1, %(each)s) k
    WHERE c.number = 'NEW' AND c.academy_id <= %(last)s
"""
FLOOR = """
    SELECT academy_id, year, count(*), count(DISTINCT person_id),
      count(DISTINCT person_id) FILTER (WHERE is_practical),
      count(DISTINCT person_id) FILTER (WHERE is_upgraded)
    FROM academies_enrolment GROUP BY academy_id, year
"""
BUILD = (
    (
        "INSERT INTO academies_academyyear (academy_id, year, classes, practical_classes, person_times,"
        f" persons, practical_persons, upgraded_persons) {RECOUNT}"
    ),
    (
        "INSERT INTO academies_academyyearperson (academy_id, year, person_id, times, practical_times,"
        f" upgraded_times) {RECOUNT_PERSONS}"
    ),
)
COUNTING = "ALTER TABLE academies_enrolment {} TRIGGER USER"
COUNTED = (
    "academy_id", "year", "classes", "practical_classes", "person_times", "persons",
    "practical_persons", "upgraded_persons",
)  # fmt: skip


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    many, few = rows * TIMES, rows
    print(f"{many:,} 条学员记录，{ACADEMIES} 家学院、{len(YEARS)} 年")
    small, large = _filled(postgres, few), _filled(postgres, many)
    yield from _reading(small, large)
    clusters.use(large)
    yield from _recounting()
    yield from _keeping(postgres, large, rows)
    with as_administrator(postgres, "postgres") as administrator:
        connection.close()
        for database in (small, large):
            administrator.execute(f"DROP DATABASE {database}")


def _reading(small: str, large: str) -> Iterator[Goal]:
    """Every count of every academy and year, through the ORM."""

    def read(database: str) -> Iterator[None]:
        clusters.use(database)
        connection.ensure_connection()
        yield
        list(AcademyYear.objects.values_list(*COUNTED))

    timings = alternately(small=lambda: read(small), large=lambda: read(large))
    print(f"  读全部统计：{timings['large']}；十分之一数据 {timings['small']}")
    yield Goal("读全部学院年度统计", timings["large"].median * 1000, MOST_MILLISECONDS, " ms")
    yield ratio("统计不随学员记录增长", timings["large"], timings["small"], MOST_GROWTH)


def _recounting() -> Iterator[Goal]:
    """Counting again from the rows, against the barest query over the covering index."""
    bare = {row[:2]: row[2:] for row in _fetched(FLOOR)}
    again = {row[:2]: row[4:] for row in _fetched(RECOUNT)}
    if bare != again or set(_fetched(RECOUNT)) != set(_fetched(KEPT)) or differences():
        raise SystemExit("重数、基线与保存的统计不一致")
    plan = "\n".join(row[0] for row in _fetched(f"EXPLAIN {RECOUNT}"))
    if "Index Only Scan using enrolment_by_academy_and_year" not in plan:
        raise SystemExit(f"重数没有只读覆盖索引：\n{plan}")
    print(f"  三者一致：{len(bare):,} 个学院年度")
    timings = alternately(floor=_asking(FLOOR), product=_asking(RECOUNT))
    yield ratio("由原始记录重数", timings["product"], timings["floor"], MOST_RECOUNT)


def _asking(query: str):
    def ask() -> Iterator[None]:
        connection.ensure_connection()
        yield
        _fetched(query)

    return ask


def _keeping(postgres: LocalPostgres, database: str, rows: int) -> Iterator[Goal]:
    """A set-wise insert with its counts, against the same with the counting triggers off."""
    persons = max(rows, 1)
    brought = {"persons": persons, "each": BROUGHT // ACADEMIES, "last": ACADEMIES}
    batch = brought | {"each": A_BATCH, "last": 1}

    def bringing(values: dict, counting: str):
        def bring() -> Iterator[None]:
            with as_administrator(postgres, database) as administrator:
                administrator.execute(COUNTING.format(counting))
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                yield
                cursor.execute(BRING, values)
                cursor.execute("ROLLBACK")

        return bring

    _execute(ANOTHER_CLASS)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(BRING, brought)
        is_exact = not differences()
        cursor.execute("ROLLBACK")
    if not is_exact:
        raise SystemExit("插入之后统计与重数不一致")
    for name, values in (
        (f"一次插入 {BROUGHT:,} 条", brought),
        (f"一次插入 {A_BATCH:,} 条", batch),
    ):
        timings = alternately(floor=bringing(values, "DISABLE"), product=bringing(values, "ENABLE"))
        goal = ratio(f"{name}并维护统计", timings["product"], timings["floor"], MOST_KEEPING)
        if values is brought:
            yield goal


def _filled(postgres: LocalPostgres, enrolments: int) -> str:
    """A database of so many enrolments with their counts, vacuumed; made from the common tree."""
    name, base = f"training_{enrolments}", clusters.filled(postgres, 0)
    persons = max(enrolments // TIMES, 1)
    classes = max(enrolments // (ACADEMIES * len(YEARS) * A_CLASS), 1)
    print(f"  建立 {enrolments:,} 条学员记录的数据库……")
    connection.close()
    with as_administrator(postgres, "postgres") as administrator:
        administrator.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                *map(sql.Identifier, (name, base, OWNER))
            )
        )
    values = {
        "academies": ACADEMIES,
        "classes": classes,
        "a_class": A_CLASS,
        "persons": persons,
    }
    with as_administrator(postgres, name) as administrator:
        administrator.execute("SET session_replication_role = replica")
        administrator.execute("TRUNCATE academies_academy, talents_person RESTART IDENTITY CASCADE")
        administrator.execute(
            clusters.bound(clusters.PERSONS, {"rows": persons, "units": clusters.UNITS})
        )
        administrator.execute(ACADEMY_ROWS, values)
        administrator.execute(CLASS_ROWS, values | {"years": list(YEARS)})
        later = _without_indexes(administrator)
        administrator.execute(ENROLMENT_ROWS, values)
        for statement in (*later, *BUILD, "VACUUM ANALYZE"):
            administrator.execute(statement)
    return name


def _without_indexes(administrator) -> list[str]:
    """Drop the indexes that are quicker made at the end; how to make them again."""
    found = administrator.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'academies_enrolment'"
    ).fetchall()
    again = [(n, text) for n, text in found if n.startswith(MADE_AGAIN)]
    for name, _ in again:
        administrator.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [text for _, text in again]


def _fetched(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
