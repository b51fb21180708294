insert into academies_trainingclass (academy_id, year, number, name, specialty, form, is_practical,
  starts_on, ends_on, hours, room, planned_count, batch_id, batch_line, version)
select %(academy)s, %(year)s, s.class_number, s.class_name, s.specialty, coalesce(s.form, ''),
  s.is_practical, s.starts_on, s.ends_on,
  case when s.hours ~ '^[0-9]{1,4}([.][0-9])?$' then nullif(s.hours::numeric, 0) end, s.room,
  case when s.planned ~ '^[0-9]{1,6}$' then s.planned::int end, %(batch)s, s.line, 1
from (
  <accepted>
) s
order by s.line
on conflict (academy_id, year, number) do nothing
