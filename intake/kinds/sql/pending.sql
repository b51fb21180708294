-- The staged lines that wait, of those asked for; cells are unpacked once (cells || '{}'), for a long row
-- is kept compressed.
(
    select line, number, flags, identity_digest, identity_problem, phone_digest, identity_birth_on,
      identity_sex, cells || '{}'::text[] as cells
    from intake_importrow
    where batch_id = %(batch)s and outcome = 'pending'
      and (%(lines)s::int[] is null or line = any(%(lines)s::int[]))
    offset 0
  )
