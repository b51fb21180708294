-- The same expert twice about one candidate in one file: the later row is refused, unless no earlier
-- row stands.
with candidates as materialized (
  select s.*, exists (
    select from intake_importfinding f
    where f.batch_id = %(batch)s and f.line = s.line and f.severity = 'error'
  ) as is_faulty
  from (
    select r.line, r.number, @candidate as candidate, upper(replace(@expert, ' ', '')) as expert
    from intake_importrow r
    where r.batch_id = %(batch)s and r.outcome = 'pending'
  ) s
), standing as (
  select distinct on (candidate, expert) candidate, expert, line, number
  from candidates
  where not is_faulty and (%(lines)s::int[] is null or line <> all(%(lines)s::int[]))
  order by candidate, expert, line
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, later.number, 'expert', %(column)s, 'duplicate-review', 'error',
  '第' || later.line || '行“' || %(column)s || '”：专家' || later.expert || '对该人选的评分已在第'
  || first.line || '行，一名专家对一名人选只评一次，请核对后删去本行'
from candidates later
join standing first on first.candidate = later.candidate and first.expert = later.expert
  and first.line <> later.line
where not later.is_faulty
  and ((%(lines)s::int[] is null and first.line < later.line) or later.line = any(%(lines)s::int[]))
order by later.line
