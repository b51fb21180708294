"""Two rooms at once are looked for set-wise, so that rosters of a whole city go in as quickly as before."""

from django.db import migrations

SET_WISE = """
create function academies_clash(c academies_trainingclass, d academies_trainingclass) returns boolean
language sql immutable parallel safe as $$
  select c.form <> 'online' and d.form <> 'online'
    and d.starts_on <= c.ends_on and d.ends_on >= c.starts_on
    and (d.academy_id, d.room) <> (c.academy_id, c.room)
    -- hours a day, on the average of each: more than a day of teaching can have
    and c.hours / (c.ends_on - c.starts_on + 1) + d.hours / (d.ends_on - d.starts_on + 1) > 12
$$;

create or replace function academies_refuse_two_rooms() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_table_name = 'academies_enrolment' then
    perform from talents_person where id in (
      select a.person_id from changed a join academies_trainingclass c on c.id = a.training_class_id
      where c.form <> 'online' and c.hours > 0
    ) order by id for no key update;
    perform from changed a join academies_trainingclass c on c.id = a.training_class_id
      join academies_enrolment o on o.person_id = a.person_id and o.training_class_id <> c.id
      join academies_trainingclass d on d.id = o.training_class_id
      where c.form <> 'online' and c.hours > 0 and academies_clash(c, d) limit 1;
  else
    perform from talents_person where id in (
      select e.person_id from changed c join academies_enrolment e on e.training_class_id = c.id
      where c.form <> 'online' and c.hours > 0
    ) order by id for no key update;
    perform from academies_trainingclass c join changed n on n.id = c.id
      join academies_enrolment e on e.training_class_id = c.id
      join academies_enrolment o on o.person_id = e.person_id and o.training_class_id <> c.id
      join academies_trainingclass d on d.id = o.training_class_id
      where c.form <> 'online' and c.hours > 0 and academies_clash(c, d) limit 1;
  end if;
  if found then
    raise exception '有学员同一时段已在另一处线下培训班的名册上，一人不能同时在两处上课，须核验后登记'
      using errcode = 'JX023', constraint = 'two_rooms_at_once';
  end if;
  return null;
end $$;

drop function academies_in_two_rooms(bigint, bigint);
"""
ROW_BY_ROW = """
create function academies_in_two_rooms(class bigint, person bigint) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from academies_trainingclass c
    join academies_enrolment o on o.person_id = $2 and o.training_class_id <> c.id
    join academies_trainingclass d on d.id = o.training_class_id
    where c.id = $1 and c.form <> 'online' and d.form <> 'online'
      and d.starts_on <= c.ends_on and d.ends_on >= c.starts_on
      and (d.academy_id, d.room) <> (c.academy_id, c.room)
      -- hours a day, on the average of each: more than a day of teaching can have
      and c.hours / (c.ends_on - c.starts_on + 1) + d.hours / (d.ends_on - d.starts_on + 1) > 12
  )
$$;

create or replace function academies_refuse_two_rooms() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  found_one record;
begin
  if tg_table_name = 'academies_enrolment' then
    perform from talents_person where id in (
      select a.person_id from changed a join academies_trainingclass c on c.id = a.training_class_id
      where c.form <> 'online' and c.hours > 0
    ) order by id for no key update;
    select a.person_id, a.training_class_id into found_one from changed a
      where academies_in_two_rooms(a.training_class_id, a.person_id) limit 1;
  else
    perform from talents_person where id in (
      select e.person_id from changed c join academies_enrolment e on e.training_class_id = c.id
    ) order by id for no key update;
    select e.person_id, e.training_class_id into found_one from changed c
      join academies_enrolment e on e.training_class_id = c.id
      where academies_in_two_rooms(c.id, e.person_id) limit 1;
  end if;
  if found then
    raise exception '有学员同一时段已在另一处线下培训班的名册上，一人不能同时在两处上课，须核验后登记'
      using errcode = 'JX023', constraint = 'two_rooms_at_once';
  end if;
  return null;
end $$;

drop function academies_clash(academies_trainingclass, academies_trainingclass);
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0013_nobody_is_in_two_rooms_at_once")]

    operations = [migrations.RunSQL(SET_WISE, ROW_BY_ROW)]
