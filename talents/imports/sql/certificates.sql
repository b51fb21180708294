insert into talents_certificate (person_id, number, level, occupation, issued_year,
  origin_batch_id)
select i.person_id, i.certificate, <level>, @occupation, <issued_year>, %(batch)s
from incoming i
join intake_importrow r on r.batch_id = %(batch)s and r.line = i.line
where i.certificate <> ''
on conflict (person_id, number) do nothing
