-- The same person twice in one file: the later row is refused, unless no earlier row stands.
insert into workflow_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, later.number, 'identity', %(column)s, 'duplicate-nomination', 'error',
  '第' || later.line || '行“' || %(column)s || '”：与第' || first.line || '行'
  || case when first.number <> '' then '（序号' || first.number || '）' else '' end
  || '是同一人，一人一轮只能推荐一次，请核对后删去本行'
from (
  select line, number, identity_digest from workflow_importrow
  where batch_id = %(batch)s and outcome = 'pending'
    and (%(lines)s::int[] is null or line = any(%(lines)s::int[]))
    and identity_digest in (
      select identity_digest from workflow_importrow
      where batch_id = %(batch)s and outcome = 'pending' and identity_digest is not null
      group by identity_digest having count(*) > 1
    )
) later
cross join lateral (
  select r.line, r.number from workflow_importrow r
  where r.batch_id = %(batch)s and r.outcome = 'pending' and r.line <> later.line
    and r.identity_digest = later.identity_digest
    and (%(lines)s::int[] is not null or r.line < later.line)
    and not exists (
      select from workflow_importfinding f
      where f.batch_id = %(batch)s and f.line = r.line and f.severity = 'error'
    )
  order by r.line limit 1
) first
