-- Every cell of marks of the given lines, with the aspect and the seat its column stands for.
select r.line, r.number, c.key, c.aspect, c.seat, c.maximum, c.whole, m.cell
from intake_importrow r
cross join lateral unnest(r.cells[%(first)s:]) with ordinality as m(cell, place)
join jsonb_to_recordset(%(columns)s::jsonb)
  as c(place int, key text, aspect bigint, seat int, maximum numeric, whole boolean) using (place)
where r.batch_id = %(batch)s and r.outcome = 'pending'
  and (%(lines)s::int[] is null or r.line = any(%(lines)s::int[]))
