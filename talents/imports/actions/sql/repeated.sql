-- The same patent, seed or enterprise twice in one file: the later row is refused, unless no earlier row stands.
with candidates as materialized (
  select s.line, s.number,
    (case s.kind when 'patent' then s.patent when 'seed' then encode(s.identity_digest, 'hex')
      when 'assessing' then s.organization_id::text end) as key,
    s.kind,
    exists (
      select from intake_importfinding f
      where f.batch_id = %(batch)s and f.line = s.line and f.severity = 'error'
    ) as is_faulty
  from (
    <stated>
  ) s
), standing as (
  select distinct on (kind, key) kind, key, line, number
  from candidates
  where key is not null and not is_faulty
    and (%(of)s::int[] is null or line <> all(%(of)s::int[]))
  order by kind, key, line
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, later.number, 'kind', %(column)s, 'action-twice', 'error',
  '第' || later.line || '行“' || %(column)s || '”：与第' || first.line || '行'
  || case when first.number <> '' then '（序号' || first.number || '）' else '' end
  || case later.kind when 'patent' then '是同一专利号' when 'seed' then '是同一人' else '是同一企业' end
  || '，只登记一次，请核对后更正或删去本行'
from candidates later
join standing first on (first.kind, first.key) = (later.kind, later.key) and first.line <> later.line
where not later.is_faulty
  and ((%(of)s::int[] is null and first.line < later.line) or later.line = any(%(of)s::int[]))
order by later.line
