-- The careers of staged rows; where people write 无 they have none.
select r.line, @blank(career) as career, r.identity_birth_on as birth_on
from (
  select line, identity_birth_on, cells || '{}'::text[] as cells
  from intake_importrow
  where batch_id = %(batch)s and outcome = 'pending'
    and (%(lines)s::int[] is null or line = any(%(lines)s::int[]))
  offset 0
) r
