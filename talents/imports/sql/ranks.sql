-- A rank of a unit is given once: it stays with who is on file, else with the first row that has it.
-- Who loses it now, when it had been free as the file was looked through, is told so.
with ranked as materialized (
  select o.line, o.rank as place, p.name as held_by,
    first_value(o.line) over (partition by o.unit_id, o.rank order by o.line) as first_line
  from incoming o
  left join talents_nomination n
    on n.round_id = %(round)s and n.unit_id = o.unit_id and n.rank = o.rank
  left join talents_person p on p.id = n.person_id
  where o.rank is not null
), dropped as (
  update incoming i set rank = null
  from ranked r
  where r.line = i.line and (r.held_by is not null or r.first_line < r.line)
  returning r.line, r.place, r.held_by, r.first_line
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, d.line, r.number, 'rank', %(column)s, 'rank-given', 'warning',
  '第' || d.line || '行“' || %(column)s || '”：该单位在本轮次已把第' || d.place || '位排给'
  || coalesce(d.held_by, '第' || d.first_line || '行的人选') || '，本行按未排登记，请核对后更正'
from dropped d
join intake_importrow r on r.batch_id = %(batch)s and r.line = d.line
where not exists (
  select from intake_importfinding f
  where f.batch_id = %(batch)s and f.line = d.line and f.code = 'rank-given'
)
order by d.line
