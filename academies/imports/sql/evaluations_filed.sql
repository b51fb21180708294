insert into academies_evaluation (academy_id, year, grade, evaluated_on, demand, due_on, closed_on,
  batch_id, batch_line, version)
select s.academy_id, s.year, s.grade, s.evaluated_on, s.demand,
  case when s.grade = 'failed' then s.due_on end, case when s.grade = 'failed' then s.closed_on end,
  %(batch)s, s.line, 1
from (
  <accepted>
) s
order by s.academy_id, s.line
on conflict (academy_id, year) do nothing
