select r.line, e.id
from intake_importrow r
join talents_person p on p.identity_digest = r.identity_digest
join competitions_entry e on e.item_id = %(item)s and e.person_id = p.id
  and e.number = replace(r.cells[1], ' ', '')
where r.batch_id = %(batch)s and (%(lines)s::int[] is null or r.line = any(%(lines)s::int[]))
  and exists (select from competitions_mark m where m.entry_id = e.id and m.batch_id = %(batch)s)
