-- The same number twice in one file: the later row is refused.
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, '', 'class_number', %(column)s, 'duplicate-class', 'error',
  '第' || later.line || '行“' || %(column)s || '”：班次编号“' || left(later.class_number, 30)
  || '”与第' || later.first_line || '行重复，请核对后更正'
from (
  select line, class_number, min(line) over (partition by class_number) as first_line
  from (
    select r.line, upper(replace(@class_number, ' ', '')) as class_number
    from intake_importrow r
    where r.batch_id = %(batch)s and r.outcome = 'pending'
  ) numbered
  where class_number <> ''
) later
where later.line > later.first_line
  and (%(lines)s::int[] is null or later.line = any(%(lines)s::int[]))
