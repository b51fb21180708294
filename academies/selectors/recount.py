"""The kept counts proved: everything counted again from the rows, and what differs."""

from __future__ import annotations

from typing import Any

from django.db import connection

#: One pass over the covering index; classes are few.
RECOUNT = """
    select coalesce(c.academy_id, e.academy_id) as academy_id, coalesce(c.year, e.year) as year,
      coalesce(c.classes, 0) as classes, coalesce(c.practical_classes, 0) as practical_classes,
      coalesce(e.person_times, 0) as person_times, coalesce(e.persons, 0) as persons,
      coalesce(e.practical_persons, 0) as practical_persons,
      coalesce(e.upgraded_persons, 0) as upgraded_persons
    from (
      select academy_id, year, count(*) as person_times, count(distinct person_id) as persons,
        count(distinct person_id) filter (where is_practical) as practical_persons,
        count(distinct person_id) filter (where is_upgraded) as upgraded_persons
      from academies_enrolment group by academy_id, year
    ) e
    full join (
      select academy_id, year, count(*) as classes,
        count(*) filter (where is_practical) as practical_classes
      from academies_trainingclass group by academy_id, year
    ) c on c.academy_id = e.academy_id and c.year = e.year
"""
RECOUNT_PERSONS = """
    select academy_id, year, person_id, count(*) as times,
      count(*) filter (where is_practical) as practical_times,
      count(*) filter (where is_upgraded) as upgraded_times
    from academies_enrolment group by academy_id, year, person_id
"""
KEPT = """
    select academy_id, year, classes, practical_classes, person_times, persons, practical_persons,
      upgraded_persons
    from academies_academyyear
    where classes <> 0 or person_times <> 0 or persons <> 0
"""
KEPT_PERSONS = """
    select academy_id, year, person_id, times, practical_times, upgraded_times
    from academies_academyyearperson
"""
DIFFERENCES = """
    select academy_id, year, count(*) as differing from (
      ((<raw>) except all (<kept>)) union all ((<kept>) except all (<raw>))
    ) either group by academy_id, year order by academy_id, year
"""


def differences() -> list[tuple[int, int]]:
    """Academies and years whose kept counts do not equal the rows; empty when all is well."""
    found: set[tuple[int, int]] = set()
    for raw, kept in ((RECOUNT, KEPT), (RECOUNT_PERSONS, KEPT_PERSONS)):
        rows = _rows(DIFFERENCES.replace("<raw>", raw).replace("<kept>", kept))
        found |= {(academy, year) for academy, year, _ in rows}
    return sorted(found)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
