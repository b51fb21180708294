insert into talents_review (nomination_id, expert_id, look, mark_leading, mark_practice, mark_innovation, mark_tackling, mark_passing,
  remark, is_recused, status, submitted_at, batch_id, batch_line)
select i.nomination_id, e.id, 1,
  case when not i.is_recused then i.mark_leading::numeric end,
  case when not i.is_recused then i.mark_practice::numeric end,
  case when not i.is_recused then i.mark_innovation::numeric end,
  case when not i.is_recused then i.mark_tackling::numeric end,
  case when not i.is_recused then i.mark_passing::numeric end,
  '', i.is_recused, 'submitted', now(), %(batch)s, i.line
from incoming i
join talents_expert e on e.organization_id = %(organizer)s and e.code = i.expert
order by i.line
on conflict (nomination_id, expert_id, look) do nothing
