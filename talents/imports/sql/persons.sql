insert into talents_person (id, name, name_pinyin, name_initials, identity_cipher,
  identity_digest, identity_mask, sex, birth_on, ethnicity, education, political_status,
  phone_cipher, organization_id, origin_batch_id)
select i.person_id, i.name, r.name_pinyin, r.name_initials, r.identity_cipher,
  r.identity_digest, r.identity_mask, i.sex, r.identity_birth_on,
  @ethnicity, @education, @political_status, r.phone_cipher, i.unit_id, %(batch)s
from incoming i
join intake_importrow r on r.batch_id = %(batch)s and r.line = i.line
where not i.is_known
on conflict (identity_digest) do nothing
