-- Classes with more people on the roster than were planned for, beyond what is let pass.
select c.academy_id, array_agg(c.id) as classes, count(*) as number
from academies_trainingclass c
join (
  select training_class_id, count(*) as people from academies_enrolment
  where year = %(year)s and academy_id = any(%(academies)s) group by 1
) e on e.training_class_id = c.id
where c.planned_count is not null and e.people > c.planned_count * (100 + %(line)s) / 100
group by c.academy_id
