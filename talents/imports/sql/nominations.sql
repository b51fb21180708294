insert into talents_nomination (id, round_id, person_id, unit_id, state, post, occupation,
  occupation_code,
  skill_level, certificate_number, honours_text, patents_count, apprentices_count,
  force_leading, force_practice, force_innovation, force_tackling, force_passing,
  rank, category, is_migrant, is_non_public, is_key_industry, row_number, batch_id, batch_line, handled_by, created_at, version)
select i.nomination_id, %(round)s, i.person_id, i.unit_id, 'draft', @post, @occupation,
  i.occupation_code,
  i.level, i.certificate, @honours, i.patents, i.apprentices,
  @force(leading), @force(practice), @force(innovation), @force(tackling), @force(passing),
  i.rank, i.category, <migrant>, <non_public>, <key_industry>,
  i.row_number, %(batch)s, i.line,
  %(handlers)s::bigint[] || r.corrected_by, now(), 1
from incoming i
join (
  select line, cells || '{}'::text[] as cells, corrected_by from intake_importrow where batch_id = %(batch)s
  offset 0
) r on r.line = i.line
on conflict (round_id, person_id) do nothing
