-- The same person twice in one list: the later row is refused, unless no earlier row stands.
with rows as materialized (
  select r.line, r.identity_digest
  from intake_importrow r
  where r.batch_id = %(batch)s and r.outcome = 'pending' and r.identity_digest is not null
), standing as materialized (
  select * from rows
  where not exists (
    select from intake_importfinding f
    where f.batch_id = %(batch)s and f.line = rows.line and f.severity = 'error'
  )
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, '', 'identity', %(column)s, 'duplicate-entrant', 'error',
  '第' || later.line || '行“' || %(column)s || '”：与第' || min(first.line)
  || '行是同一人，在同一项目只能参赛一次，请核对后删去本行'
from rows later
join standing first on first.identity_digest = later.identity_digest and first.line <> later.line
  and (first.line < later.line or first.line <> all(%(lines)s::int[]))
where %(lines)s::int[] is null or later.line = any(%(lines)s::int[])
group by later.line
