-- The same person or the same number twice in one sheet: the later row is refused, unless no earlier
-- row stands. A row judged anew is held against every row that was not.
with rows as materialized (
  select r.line, r.number, r.identity_digest, replace(r.cells[1], ' ', '') as given
  from intake_importrow r
  where r.batch_id = %(batch)s and r.outcome = 'pending'
), standing as materialized (
  select * from rows
  where not exists (
    select from intake_importfinding f
    where f.batch_id = %(batch)s and f.line = rows.line and f.severity = 'error'
  )
), told as (
  select later.line, later.number, 'identity' as field, 'duplicate-entrant' as code,
    '行是同一人，在同一项目只能参赛一次，请核对后删去本行' as says, min(first.line) as first_line
  from rows later
  join standing first on first.identity_digest = later.identity_digest and first.line <> later.line
    and (first.line < later.line or first.line <> all(%(lines)s::int[]))
  group by 1, 2
  union all
  select later.line, later.number, 'number', 'duplicate-number',
    '行的参赛号相同，一个参赛号只能给一名参赛人，请核对后更正', min(first.line)
  from rows later
  join standing first on first.given = later.given and first.given <> ''
    and first.identity_digest is distinct from later.identity_digest and first.line <> later.line
    and (first.line < later.line or first.line <> all(%(lines)s::int[]))
  group by 1, 2
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, line, number, field, %(headings)s::jsonb ->> field, code, 'error',
  '第' || line || '行“' || (%(headings)s::jsonb ->> field) || '”：与第' || first_line || says
from told
where %(lines)s::int[] is null or line = any(%(lines)s::int[])
order by line, field
