-- People too young to work, or past working age, on the day their class began.
select e.academy_id, array_agg(distinct e.training_class_id) as classes,
  count(distinct e.person_id) as number
from academies_enrolment e
join academies_trainingclass c on c.id = e.training_class_id
join talents_person p on p.id = e.person_id
where e.year = %(year)s and e.academy_id = any(%(academies)s)
  and (p.birth_on > c.starts_on - make_interval(years => %(least)s)
    or p.birth_on <= c.starts_on - make_interval(years => %(line)s))
group by e.academy_id
