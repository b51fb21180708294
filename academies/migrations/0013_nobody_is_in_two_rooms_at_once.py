"""Nobody sits in two rooms at once, in whatever academies: refused where a day would have more hours.

Two classes on site, at different places, whose days overlap: whoever is on both rosters would sit more
than twelve hours a day on the average of both. Where hours are unknown, or fit into a day, nothing is
certain, and the flags for auditors point it out instead. Whoever brings the second roster waits for the
first, person by person in one order, and is told nothing of the other side. Looked for set-wise, so that
rosters of a whole city go in as quickly as without the rule.
"""

from django.db import migrations

TWO_ROOMS = """
create function academies_clash(c academies_trainingclass, d academies_trainingclass) returns boolean
language sql immutable parallel safe as $$
  select c.form <> 'online' and d.form <> 'online'
    and d.starts_on <= c.ends_on and d.ends_on >= c.starts_on
    and (d.academy_id, d.room) <> (c.academy_id, c.room)
    -- hours a day, on the average of each: more than a day of teaching can have
    and c.hours / (c.ends_on - c.starts_on + 1) + d.hours / (d.ends_on - d.starts_on + 1) > 12
$$;

create function academies_refuse_two_rooms() returns trigger
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
create trigger enrolment_is_in_one_room after insert on academies_enrolment
  referencing new table as changed for each statement execute function academies_refuse_two_rooms();
create trigger class_keeps_its_people_in_one_room after update on academies_trainingclass
  referencing new table as changed for each statement execute function academies_refuse_two_rooms();
"""
ANYWHERE = """
drop trigger class_keeps_its_people_in_one_room on academies_trainingclass;
drop trigger enrolment_is_in_one_room on academies_enrolment;
drop function academies_refuse_two_rooms();
drop function academies_clash(academies_trainingclass, academies_trainingclass);
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0012_audits_bar_payments")]

    operations = [migrations.RunSQL(TWO_ROOMS, ANYWHERE)]
