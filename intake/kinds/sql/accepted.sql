-- The rows that stand, typed.
create temporary table incoming on commit drop as
select s.* from (
  <stated>
) s
where not exists (
  select from intake_importfinding f
  where f.batch_id = %(batch)s and f.line = s.line and f.severity = 'error'
)
