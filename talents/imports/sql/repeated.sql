-- The same person twice in one file: the later row is refused, unless no earlier row stands.
with candidates as materialized (
  select r.line, r.number, r.identity_digest, f.line is not null as is_faulty
  from intake_importrow r
  join (
    select identity_digest from intake_importrow
    where batch_id = %(batch)s and outcome = 'pending' and identity_digest is not null
    group by identity_digest having count(*) > 1
  ) repeated on repeated.identity_digest = r.identity_digest
  left join (
    select distinct line from intake_importfinding
    where batch_id = %(batch)s and severity = 'error'
  ) f on f.line = r.line
  where r.batch_id = %(batch)s and r.outcome = 'pending'
), standing as (
  select distinct on (identity_digest) identity_digest, line, number
  from candidates
  where not is_faulty and (%(lines)s::int[] is null or line <> all(%(lines)s::int[]))
  order by identity_digest, line
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, later.number, 'identity', %(column)s, 'duplicate-nomination', 'error',
  '第' || later.line || '行“' || %(column)s || '”：与第' || first.line || '行'
  || case when first.number <> '' then '（序号' || first.number || '）' else '' end
  || '是同一人，一人一轮只能推荐一次，请核对后删去本行'
from candidates later
join standing first on first.identity_digest = later.identity_digest
where (%(lines)s::int[] is null and first.line < later.line) or later.line = any(%(lines)s::int[])
order by later.line
