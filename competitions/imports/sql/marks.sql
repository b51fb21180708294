insert into competitions_mark (entry_id, aspect_id, seat, value, is_superseded, given_by_id, given_at,
  batch_id)
select i.entry_id, c.aspect, c.seat, c.cell::numeric, false, null, now(), %(batch)s
from (
  <cells>
) c
join incoming i on i.line = c.line
