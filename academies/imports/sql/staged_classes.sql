-- The numbers in the sheet of classes of the same workbook, and whether their students have to wait:
-- for a class in error, for one left out, for one that differs from the class on file. Where the sheet
-- only repeats what is on file, that class is meant.
select s.class_number, bool_and(not s.is_same and (s.outcome = 'dropped' or exists (
  select from intake_importfinding f
  where f.batch_id = s.batch_id and f.line = s.line and f.severity = 'error'
))) as is_refused
from (
  <stated>
) s
group by 1
