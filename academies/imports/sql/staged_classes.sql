-- The classes of the same workbook that wait to be filed, and whether anything is wrong with them.
select upper(replace(r.cells[1], ' ', '')) as class_number, bool_and(exists (
  select from intake_importfinding f
  where f.batch_id = r.batch_id and f.line = r.line and f.severity = 'error'
)) as is_refused
from intake_importrow r
where r.batch_id = %(classes)s and r.outcome = 'pending'
group by 1
