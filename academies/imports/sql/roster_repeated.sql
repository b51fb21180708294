-- The same person twice in one class: the later row is refused, unless no earlier row stands.
-- A row judged anew, singly or with others, is held against every row that was not.
-- Only rows that share number and class with another are looked at closely.
with rows as materialized (
  select r.line, r.identity_digest, upper(replace(r.cells[1], ' ', '')) as class_number
  from intake_importrow r
  where r.batch_id = %(batch)s and r.outcome = 'pending' and r.identity_digest is not null
    and (%(lines)s::int[] is null or r.identity_digest in (
      select identity_digest from intake_importrow
      where batch_id = %(batch)s and line = any(%(lines)s::int[])
    ))
), told as materialized (
  select line, identity_digest, class_number from (
    select rows.*, count(*) over (partition by identity_digest, class_number) as times from rows
  ) counted
  where times > 1
), standing as materialized (
  select * from told
  where not exists (
    select from intake_importfinding f
    where f.batch_id = %(batch)s and f.line = told.line and f.severity = 'error'
  )
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, '', 'identity', %(column)s, 'duplicate-enrolment', 'error',
  '第' || later.line || '行“' || %(column)s || '”：与第' || min(first.line)
  || '行是同一人，在同一班次只能登记一次，请核对后删去本行'
from told later
join standing first on first.identity_digest = later.identity_digest
  and first.class_number = later.class_number and first.line <> later.line
  and (first.line < later.line or first.line <> all(%(lines)s::int[]))
where %(lines)s::int[] is null or later.line = any(%(lines)s::int[])
group by later.line
