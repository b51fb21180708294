-- One row for each staged line: what its cells say, and which candidate and expert it means. Of several
-- candidates with one number the name tells which.
select s.*, n.nomination_id, n.overall, e.id as expert_id,
  n.nomination_id is not null and e.id is not null and exists (
    select from talents_review v
    where v.nomination_id = n.nomination_id and v.expert_id = e.id and v.look = 1
  ) as is_filed
from (
  select r.line, r.number, r.flags,
    @candidate as candidate_text,
    (case when @candidate ~ '^[0-9]{1,9}$' then @candidate::int end) as candidate,
    @blank(name) as name,
    upper(replace(@expert, ' ', '')) as expert,
    @mark_leading as mark_leading,
    @mark_practice as mark_practice,
    @mark_innovation as mark_innovation,
    @mark_tackling as mark_tackling,
    @mark_passing as mark_passing,
    @recused as recused_text,
    (case
      when @blank(recused) in ('', '否', '不回避', 'N', 'n', '0') then false
      when @recused in ('是', '回避', '√', '✓', 'Y', 'y', '1') then true
    end) as is_recused
  from <pending> r
  offset 0
) s
left join lateral (
  select n.id as nomination_id, a.overall
  from talents_nomination n
  join talents_person p on p.id = n.person_id
  left join talents_assessment a on a.run_id = %(run)s and a.nomination_id = n.id
  where n.round_id = %(round)s and n.row_number = s.candidate
    and (s.name = '' or replace(p.name, ' ', '') = replace(s.name, ' ', ''))
  order by n.id limit 1
) n on true
left join talents_expert e on e.organization_id = %(organizer)s and e.code = s.expert
