-- Classes with more hours than their days can hold.
select academy_id, array_agg(id) as classes, count(*) as number
from academies_trainingclass
where year = %(year)s and academy_id = any(%(academies)s)
  and hours > %(line)s * (ends_on - starts_on + 1)
group by academy_id
