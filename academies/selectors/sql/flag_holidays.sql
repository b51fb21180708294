-- Classes that are held on days off by the State Council's calendar, and not only online.
select c.academy_id, array_agg(distinct c.id) as classes, count(distinct c.id) as number
from academies_trainingclass c
join workflow_workingday d on not d.is_working and d.day between c.starts_on and c.ends_on
where c.year = %(year)s and c.academy_id = any(%(academies)s) and c.form <> 'online'
group by c.academy_id
