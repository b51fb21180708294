-- Those among them whom nobody knows yet, each once, at the body the row names.
select distinct on (i.identity_digest) i.name, r.name_pinyin, r.name_initials, r.identity_cipher,
  i.identity_digest, r.identity_mask, r.identity_sex as sex, r.identity_birth_on as birth_on,
  i.organization_id
from incoming i
join intake_importrow r on r.batch_id = %(batch)s and r.line = i.line
where i.is_personal and i.person_id is null
order by i.identity_digest, i.line
