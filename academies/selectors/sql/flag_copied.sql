-- Classes whose roster is that of one class of the year before.
select academy_id, array_agg(id) as classes, count(*) as number
from (
  select distinct now.academy_id, now.training_class_id as id
  from academies_enrolment now
  join academies_enrolment was on was.person_id = now.person_id and was.academy_id = now.academy_id
    and was.year = now.year - 1
  join (
    select training_class_id, count(*) as people from academies_enrolment
    where year = %(year)s and academy_id = any(%(academies)s) group by 1
  ) sized on sized.training_class_id = now.training_class_id
  where now.year = %(year)s and now.academy_id = any(%(academies)s)
  group by now.academy_id, now.training_class_id, was.training_class_id, sized.people
  having sized.people >= %(least)s and count(*) * 100 >= sized.people * %(line)s
) copied
group by academy_id
