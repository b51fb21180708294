"""Counts of an academy's year move with its rows, in the same statement, whoever changes them.

An enrolment follows its class by a composite foreign key. Statement-level triggers then move the
counts of persons, and of the year by what changed about its persons. Two things are not obvious:

- Whoever changes a year first locks its count row, in order: of two who bring the same new person at
  once, the second waits, and sees the person the first one brought.
- A transition table has no statistics, so the planner may read the whole table of persons for each
  single row; the functions forbid hash and merge joins, which leaves the index.
"""

from django.db import migrations

FOLLOW = """
alter table academies_enrolment add constraint enrolment_follows_its_class
  foreign key (training_class_id, academy_id, year, is_practical)
  references academies_trainingclass (id, academy_id, year, is_practical)
  on update cascade on delete restrict;
"""

LOCK = """
  insert into academies_academyyear (academy_id, year, classes, practical_classes, person_times,
      persons, practical_persons, upgraded_persons)
    select distinct academy_id, year, 0, 0, 0, 0, 0, 0 from ({touched}) t
    order by academy_id, year
    on conflict (academy_id, year) do nothing;
  perform from academies_academyyear
    where (academy_id, year) in (select academy_id, year from ({touched}) t)
    order by academy_id, year for update;
"""

ENROLMENTS = """
create function academies_enrolments_{name}() returns trigger
language plpgsql security definer set search_path = public, pg_temp
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
{lock}
  with delta as materialized (
    select academy_id, year, person_id, sum(sign) as times, sum(sign * is_practical::int) as practical,
      sum(sign * is_upgraded::int) as upgraded
    from ({rows}) r
    group by academy_id, year, person_id
    having sum(sign) <> 0 or sum(sign * is_practical::int) <> 0 or sum(sign * is_upgraded::int) <> 0
    order by academy_id, year, person_id
  ), told as materialized (
    select d.academy_id, d.year, d.person_id, d.times as moved,
      coalesce(p.times, 0) as had, coalesce(p.times, 0) + d.times as has,
      coalesce(p.practical_times, 0) as had_practical,
      coalesce(p.practical_times, 0) + d.practical as has_practical,
      coalesce(p.upgraded_times, 0) as had_upgraded,
      coalesce(p.upgraded_times, 0) + d.upgraded as has_upgraded
    from delta d
    left join academies_academyyearperson p using (academy_id, year, person_id)
  ), left_out as (
    delete from academies_academyyearperson p using told t
    where t.has = 0 and p.academy_id = t.academy_id and p.year = t.year
      and p.person_id = t.person_id
  ), kept as (
    insert into academies_academyyearperson
      (academy_id, year, person_id, times, practical_times, upgraded_times)
    select academy_id, year, person_id, has, has_practical, has_upgraded from told where has <> 0
    on conflict (academy_id, year, person_id) do update set times = excluded.times,
      practical_times = excluded.practical_times, upgraded_times = excluded.upgraded_times
  )
  update academies_academyyear y set
    person_times = y.person_times + c.person_times,
    persons = y.persons + c.persons,
    practical_persons = y.practical_persons + c.practical_persons,
    upgraded_persons = y.upgraded_persons + c.upgraded_persons
  from (
    select academy_id, year, sum(moved) as person_times,
      sum((has > 0)::int - (had > 0)::int) as persons,
      sum((has_practical > 0)::int - (had_practical > 0)::int) as practical_persons,
      sum((has_upgraded > 0)::int - (had_upgraded > 0)::int) as upgraded_persons
    from told group by academy_id, year
  ) c
  where y.academy_id = c.academy_id and y.year = c.year;
  return null;
end $$;
create trigger enrolment_counts_{name} after {event} on academies_enrolment
  referencing {referencing} for each statement execute function academies_enrolments_{name}();
"""

CLASSES = """
create function academies_classes_{name}() returns trigger
language plpgsql security definer set search_path = public, pg_temp
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
{lock}
  update academies_academyyear y set
    classes = y.classes + c.classes, practical_classes = y.practical_classes + c.practical
  from (
    select academy_id, year, sum(sign) as classes, sum(sign * is_practical::int) as practical
    from ({rows}) r group by academy_id, year
  ) c
  where y.academy_id = c.academy_id and y.year = c.year
    and (c.classes <> 0 or c.practical <> 0);
  return null;
end $$;
create trigger class_counts_{name} after {event} on academies_trainingclass
  referencing {referencing} for each statement execute function academies_classes_{name}();
"""

ADDED, GONE = "added", "gone"
EVENTS = {
    "added": ("insert", [(1, ADDED)], f"new table as {ADDED}"),
    "removed": ("delete", [(-1, GONE)], f"old table as {GONE}"),
    "corrected": (
        "update",
        [(1, ADDED), (-1, GONE)],
        f"new table as {ADDED} old table as {GONE}",
    ),
}


def _trigger(text, name, columns):
    event, sides, referencing = EVENTS[name]
    rows = " union all ".join(
        f"select academy_id, year, {columns}, {sign} as sign from {table}" for sign, table in sides
    )
    touched = " union ".join(f"select academy_id, year from {table}" for _, table in sides)
    return text.format(
        name=name,
        event=event,
        referencing=referencing,
        rows=rows,
        lock=LOCK.format(touched=touched),
    )


KEEP = [
    FOLLOW,
    *(_trigger(ENROLMENTS, name, "person_id, is_practical, is_upgraded") for name in EVENTS),
    *(_trigger(CLASSES, name, "is_practical") for name in EVENTS),
]
LET_GO = [
    "alter table academies_enrolment drop constraint enrolment_follows_its_class;",
    *(
        f"drop trigger {table}_counts_{name} on {model}; drop function {function}_{name}();"
        for table, model, function in (
            ("enrolment", "academies_enrolment", "academies_enrolments"),
            ("class", "academies_trainingclass", "academies_classes"),
        )
        for name in EVENTS
    ),
]


class Migration(migrations.Migration):
    dependencies = [("academies", "0001_initial")]

    operations = [migrations.RunSQL("\n".join(KEEP), "\n".join(LET_GO))]
