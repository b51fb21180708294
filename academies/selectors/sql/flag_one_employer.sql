-- Academies whose people of the year come from one employer, by share of the roster; the classes they sat in.
select distinct on (s.academy_id) s.academy_id,
  array(
    select distinct e.training_class_id from academies_enrolment e
    where e.year = %(year)s and e.academy_id = s.academy_id and e.employer = s.employer
  ) as classes,
  s.share as number
from (
  select academy_id, employer,
    round(100.0 * count(*) / sum(count(*)) over (partition by academy_id), 1) as share,
    sum(count(*)) over (partition by academy_id) as lines
  from academies_enrolment
  where year = %(year)s and academy_id = any(%(academies)s)
  group by academy_id, employer
) s
where s.employer <> '' and s.share >= %(line)s and s.lines >= %(least)s
order by s.academy_id, s.share desc, s.employer
