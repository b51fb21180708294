-- What the batch filled in about persons on file is blank again, unless it was changed since.
with told as (
  select c.person_id, c.fields, coalesce(nullif(@sex, ''), r.identity_sex) as sex_text,
    r.identity_birth_on, @ethnicity as ethnicity, @education as education,
    @political_status as political_status, r.phone_cipher
  from talents_personcompletion c
  join talents_nomination n on n.person_id = c.person_id and n.batch_id = c.batch_id
  join intake_importrow r on r.batch_id = c.batch_id and r.line = n.batch_line
  where c.batch_id = %(batch)s
), noted as (
  delete from talents_personcompletion where batch_id = %(batch)s
)
update talents_person p set
  sex = case when 'sex' = any(t.fields) then '' else p.sex end,
  birth_on = case when 'birth_on' = any(t.fields) and p.birth_on = t.identity_birth_on then null
    else p.birth_on end,
  ethnicity = case when 'ethnicity' = any(t.fields) and p.ethnicity = t.ethnicity then ''
    else p.ethnicity end,
  education = case when 'education' = any(t.fields) and p.education = t.education then ''
    else p.education end,
  political_status = case when 'political_status' = any(t.fields)
    and p.political_status = t.political_status then '' else p.political_status end,
  phone_cipher = case when 'phone_cipher' = any(t.fields) and p.phone_cipher = t.phone_cipher
    then null else p.phone_cipher end
from told t where t.person_id = p.id
