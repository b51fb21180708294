-- The rows that stand, typed, with the numbers their person and nomination will have: numbered in
-- the order of the file, by which lists run.
create temporary table incoming on commit drop as
select s.line, s.identity_digest, s.name, s.unit_name, s.uscc, s.bodies, s.unit_id, s.is_filed,
  s.is_near, s.is_filed_near,
  s.number, s.person_name, s.career,
  s.person_id is not null as is_known,
  coalesce(s.person_id, nextval('talents_person_id_seq')) as person_id,
  nextval('talents_nomination_id_seq') as nomination_id,
  coalesce(nullif(s.sex, ''), s.identity_sex) as sex,
  coalesce(s.level, '') as level,
  coalesce(s.category, '') as category,
  case when s.occupation_code ~ '<code_pattern>' then s.occupation_code else '' end as occupation_code,
  case when 'certificate' = any(s.flags) then '' else s.certificate end as certificate,
  case when s.patents ~ '^[0-9]{1,6}$' then s.patents::int end as patents,
  case when s.apprentices ~ '^[0-9]{1,6}$' then s.apprentices::int end as apprentices,
  case when s.rank ~ '^[0-9]{1,6}$' then nullif(s.rank::int, 0) end as rank,
  case when s.number ~ '^[0-9]{1,9}$' then s.number::int end as row_number
from (
  <stated>
) s
where not exists (
  select from intake_importfinding f
  where f.batch_id = %(batch)s and f.line = s.line and f.severity = 'error'
)
order by s.line
