-- Those among them whom nobody knows yet, each once: at the body their unit's name means, among those
-- below whoever handed the file in, else at the union that named them.
select distinct on (i.identity_digest) i.name, r.name_pinyin, r.name_initials, r.identity_cipher,
  i.identity_digest, r.identity_mask, r.identity_sex as sex, r.identity_birth_on as birth_on,
  coalesce(employer.id, i.organization_id) as organization_id
from incoming i
join intake_importrow r on r.batch_id = %(batch)s and r.line = i.line
left join (
  select translate(name, '（） ', '()') as name_key, min(id) as id
  from organizations_organization
  where <in_force> and path like %(within)s
  group by 1 having count(*) = 1
) employer on employer.name_key = translate(i.unit, '（） ', '()')
where i.person_id is null
order by i.identity_digest, i.line
