-- The same certificate twice in one file: the later row is refused, unless no earlier row stands.
with candidates as materialized (
  select s.line, s.certificate, exists (
    select from intake_importfinding f
    where f.batch_id = %(batch)s and f.line = s.line and f.severity = 'error'
  ) as is_faulty, s.number
  from (
    select r.line, r.number, upper(replace(@certificate, ' ', '')) as certificate
    from intake_importrow r
    where r.batch_id = %(batch)s and r.outcome = 'pending'
  ) s
  where s.certificate <> ''
), standing as (
  select distinct on (certificate) certificate, line, number
  from candidates
  where not is_faulty and (%(lines)s::int[] is null or line <> all(%(lines)s::int[]))
  order by certificate, line
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, later.number, 'certificate', %(column)s, 'duplicate-certificate', 'error',
  '第' || later.line || '行“' || %(column)s || '”：与第' || first.line || '行'
  || case when first.number <> '' then '（序号' || first.number || '）' else '' end
  || '的证书编号相同，一个编号只登记一次，请核对后更正或删去本行'
from candidates later
join standing first on first.certificate = later.certificate and first.line <> later.line
where not later.is_faulty
  and ((%(lines)s::int[] is null and first.line < later.line) or later.line = any(%(lines)s::int[]))
order by later.line
