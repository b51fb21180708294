-- One academy and year twice in one file: the later row is refused, unless no earlier row stands.
-- A row judged anew, singly or with others, is held against every row that was not.
with told as materialized (
  select line, number, academy_id, academy_name, year from (
    <stated>
  ) s
  where academy_id is not null and year is not null and not is_filed and not exists (
    select from intake_importfinding f
    where f.batch_id = %(batch)s and f.line = s.line and f.severity = 'error'
  )
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, min(later.number), 'year', %(column)s, 'duplicate-evaluation', 'error',
  '第' || later.line || '行“' || %(column)s || '”：“' || min(later.academy_name) || '”'
  || min(later.year) || '年度的审核评价在第' || min(first.line)
  || '行已有，一年只登记一次，请核对后删去一行'
from told later
join told first on first.academy_id = later.academy_id and first.year = later.year
  and first.line <> later.line
  and (first.line < later.line or first.line <> all(%(judged)s::int[]))
where %(judged)s::int[] is null or later.line = any(%(judged)s::int[])
group by later.line
