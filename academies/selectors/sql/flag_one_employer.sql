-- Academies whose people of the year come from one employer, by share of the roster.
select academy_id, '{}'::bigint[] as classes, max(share) as number
from (
  select academy_id, employer,
    round(100.0 * count(*) / sum(count(*)) over (partition by academy_id), 1) as share,
    sum(count(*)) over (partition by academy_id) as lines
  from academies_enrolment
  where year = %(year)s and academy_id = any(%(academies)s)
  group by academy_id, employer
) s
where employer <> '' and share >= %(line)s and lines >= %(least)s
group by academy_id
