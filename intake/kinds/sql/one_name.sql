-- One number under two names in one file: the rows that differ from the first are refused.
with rows as materialized (
  select r.line, r.number, r.identity_digest, replace(@name, ' ', '') as name
  from intake_importrow r
  where r.batch_id = %(batch)s and r.outcome = 'pending' and r.identity_digest is not null
    and @name <> ''
    and (%(lines)s::int[] is null or r.identity_digest in (
      select identity_digest from intake_importrow
      where batch_id = %(batch)s and line = any(%(lines)s::int[])
    ))
), told as materialized (
  select line, number, name, first_value(name) over w as first_name, first_value(line) over w as first_line
  from rows
  window w as (partition by identity_digest order by line)
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, line, number, 'name', %(column)s, 'name-conflict', 'error',
  '第' || line || '行“' || %(column)s || '”：该公民身份号码在第' || first_line
  || '行登记的是另一个姓名，请按身份证核对后更正'
from told
where name <> first_name and (%(lines)s::int[] is null or line = any(%(lines)s::int[]))
