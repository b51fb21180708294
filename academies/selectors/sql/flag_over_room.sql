-- Classes with more people on the roster than the room on the register takes.
select c.academy_id, array_agg(c.id) as classes, count(*) as number
from academies_trainingclass c
join academies_room r on r.academy_id = c.academy_id and r.name = c.room
join (
  select training_class_id, count(*) as people from academies_enrolment
  where year = %(year)s and academy_id = any(%(academies)s) group by 1
) e on e.training_class_id = c.id
where e.people > r.capacity and c.form <> 'online'
group by c.academy_id
