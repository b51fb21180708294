insert into talents_certificate (person_id, number, level, occupation, issued_year,
  origin_batch_id)
select i.person_id, i.certificate,
  case when length(i.certificate) = 22 and i.certificate ~ '^.[0-9]{21}$'
    and substr(i.certificate, 16, 1) between '0' and '5' then substr(i.certificate, 16, 1)
    else '' end,
  @occupation,
  case when i.certificate ~ '^.[0-9]{21}$' then 2000 + substr(i.certificate, 14, 2)::int end,
  %(batch)s
from incoming i
join intake_importrow r on r.batch_id = %(batch)s and r.line = i.line
where i.certificate <> ''
on conflict (person_id, number) do nothing
