-- Persons this batch brought, unless anything else refers to them by now.
delete from talents_person p using leaving
where p.id = leaving.person_id and p.origin_batch_id = %(batch)s
  and <unused>
