-- Telephones that rosters of the year give for more than one person, wherever; how many people of this
-- academy share theirs.
select e.academy_id, array_agg(distinct e.training_class_id) as classes, count(distinct e.person_id) as number
from academies_enrolment e
join (
  select phone_digest from academies_enrolment
  where year = %(year)s and phone_digest is not null
  group by 1 having count(distinct person_id) > 1
) shared using (phone_digest)
where e.year = %(year)s and e.academy_id = any(%(academies)s)
group by e.academy_id
