-- Two rows of one unit with the same rank: the later is filed without one, and told so.
-- <units> are the bodies that may be nominating units: one row may name its unit, the other give its code.
with ranked as materialized (
  select r.line, r.number, r.rank::int as place,
    first_value(r.line) over same as first_line, first_value(r.number) over same as first_number
  from (
    select line, number, rank, coalesce(
      'unit ' || by_code.id, 'unit ' || by_name.id, nullif(r.uscc, ''), r.name_key
    ) as unit_key
    from (
      select line, number, @count(rank) as rank, upper(replace(@blank(uscc), ' ', '')) as uscc,
        replace(replace(replace(@unit, '（', '('), '）', ')'), ' ', '') as name_key
      from intake_importrow r
      where batch_id = %(batch)s and outcome = 'pending' and not exists (
        select from intake_importfinding f
        where f.batch_id = %(batch)s and f.line = r.line and f.severity = 'error'
      )
    ) r
    left join (
      select uscc, min(id) as id from (<units>) units where uscc <> '' group by uscc
    ) by_code on by_code.uscc = r.uscc
    left join (
      select replace(replace(replace(name, '（', '('), '）', ')'), ' ', '') as name_key, min(id) as id
      from (<units>) units group by 1 having count(*) = 1
    ) by_name on by_name.name_key = r.name_key
  ) r
  where r.rank ~ '^0*[1-9][0-9]{0,5}$' and length(r.rank) <= 6 and r.unit_key <> ''
  window same as (partition by r.unit_key, r.rank::int order by r.line)
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, line, number, 'rank', %(column)s, 'rank-given', 'warning',
  '第' || line || '行“' || %(column)s || '”：同一单位的第' || first_line || '行'
  || case when first_number <> '' then '（序号' || first_number || '）' else '' end
  || '也排在第' || place || '位，本行按未排登记，请核对后更正'
from ranked
where first_line < line and (%(lines)s::int[] is null or line = any(%(lines)s::int[]))
order by line
