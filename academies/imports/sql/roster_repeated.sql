-- The same person twice in one class: the later row is refused, unless no earlier row stands.
insert into workflow_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, '', 'identity', %(column)s, 'duplicate-enrolment', 'error',
  '第' || later.line || '行“' || %(column)s || '”：与第' || first.line
  || '行是同一人，在同一班次只能登记一次，请核对后删去本行'
from (
  select r.line, r.identity_digest, upper(replace(r.cells[1], ' ', '')) as class_number
  from workflow_importrow r
  where r.batch_id = %(batch)s and r.outcome = 'pending'
    and (%(lines)s::int[] is null or r.line = any(%(lines)s::int[]))
    and (r.identity_digest, upper(replace(r.cells[1], ' ', ''))) in (
      select identity_digest, upper(replace(cells[1], ' ', '')) from workflow_importrow
      where batch_id = %(batch)s and outcome = 'pending' and identity_digest is not null
      group by 1, 2 having count(*) > 1
    )
) later
cross join lateral (
  select r.line from workflow_importrow r
  where r.batch_id = %(batch)s and r.outcome = 'pending' and r.line <> later.line
    and r.identity_digest = later.identity_digest and upper(replace(r.cells[1], ' ', '')) = later.class_number
    and (%(lines)s::int[] is not null or r.line < later.line)
    and not exists (
      select from workflow_importfinding f
      where f.batch_id = %(batch)s and f.line = r.line and f.severity = 'error'
    )
  order by r.line limit 1
) first
