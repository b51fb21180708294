-- Classes of some size in which nobody missed an hour.
select academy_id, array_agg(training_class_id) as classes, count(*) as number
from (
  select academy_id, training_class_id from academies_enrolment
  where year = %(year)s and academy_id = any(%(academies)s)
  group by academy_id, training_class_id
  having count(*) >= %(line)s and min(attendance) = 100 and count(attendance) = count(*)
) c
group by academy_id
