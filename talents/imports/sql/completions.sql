-- What a person on file in our own scope lacks and the row tells; noted, so that it can be undone.
with offered as (
  select i.person_id, i.sex, @ethnicity as ethnicity, @education as education,
    @political_status as political_status, r.identity_birth_on as birth_on, r.phone_cipher,
    array_remove(array[
      case when p.sex = '' and i.sex <> '' then 'sex' end,
      case when p.birth_on is null and r.identity_birth_on is not null then 'birth_on' end,
      case when p.ethnicity = '' and @ethnicity <> '' then 'ethnicity' end,
      case when p.education = '' and @education <> '' then 'education' end,
      case when p.political_status = '' and @political_status <> '' then 'political_status' end,
      case when p.phone_cipher is null and r.phone_cipher is not null then 'phone_cipher' end
    ], null) as fields
  from incoming i
  join intake_importrow r on r.batch_id = %(batch)s and r.line = i.line
  join talents_person p on p.id = i.person_id
  where i.is_known and i.is_near
), noted as (
  insert into talents_personcompletion (batch_id, person_id, fields)
  select %(batch)s, person_id, fields from offered where fields <> '{}'
)
update talents_person p set
  sex = case when 'sex' = any(o.fields) then o.sex else p.sex end,
  birth_on = case when 'birth_on' = any(o.fields) then o.birth_on else p.birth_on end,
  ethnicity = case when 'ethnicity' = any(o.fields) then o.ethnicity else p.ethnicity end,
  education = case when 'education' = any(o.fields) then o.education else p.education end,
  political_status = case when 'political_status' = any(o.fields) then o.political_status
    else p.political_status end,
  phone_cipher = case when 'phone_cipher' = any(o.fields) then o.phone_cipher
    else p.phone_cipher end
from offered o
where o.person_id = p.id and o.fields <> '{}'
