-- The same person twice in one item of a list: the later row is refused, unless no earlier row stands.
-- A row judged anew, singly or with others, is held against every row that was not.
-- Only persons listed more than once are looked at closely.
with rows as materialized (
  select line, item, identity_digest from (
    select r.line, <code> as item, r.identity_digest,
      count(*) over (partition by r.identity_digest, <code>) as times
    from intake_importrow r
    where r.batch_id = %(batch)s and r.outcome = 'pending' and r.identity_digest is not null
  ) counted
  where times > 1
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
join standing first on first.identity_digest = later.identity_digest and first.item = later.item
  and first.line <> later.line
  and (first.line < later.line or first.line <> all(%(lines)s::int[]))
where %(lines)s::int[] is null or later.line = any(%(lines)s::int[])
group by later.line
