insert into competitions_mark (entry_id, aspect_id, seat, value, is_superseded, given_by_id, given_at,
  batch_id)
select e.id, c.aspect, c.seat, c.cell::numeric, false, null, now(), %(batch)s
from (
  <cells>
) c
join incoming i on i.line = c.line
join talents_person p on p.identity_digest = i.identity_digest
join competitions_entry e on e.item_id = %(item)s and e.person_id = p.id
