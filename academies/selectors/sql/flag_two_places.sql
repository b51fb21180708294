-- Persons on the rosters of two places on one day, in whatever academies; each side is told of its own.
select e.academy_id, array_agg(distinct e.training_class_id) as classes,
  count(distinct e.person_id) as number
from academies_enrolment e
join academies_trainingclass c on c.id = e.training_class_id
join academies_enrolment o on o.person_id = e.person_id and o.training_class_id <> e.training_class_id
join academies_trainingclass d on d.id = o.training_class_id
where e.year = %(year)s and e.academy_id = any(%(academies)s)
  and c.form <> 'online' and d.form <> 'online'
  and d.starts_on <= c.ends_on and d.ends_on >= c.starts_on
  and (d.academy_id, d.room) <> (c.academy_id, c.room)
group by e.academy_id
