-- Years whose number of persons just reaches what the standard asks for.
select y.academy_id, '{}'::bigint[] as classes, y.persons as number
from academies_academyyear y
join academies_academy a on a.id = y.academy_id
join jsonb_to_recordset(%(thresholds)s::jsonb) as t(tier text, least int) on t.tier = a.tier
where y.year = %(year)s and y.academy_id = any(%(academies)s)
  and y.persons - t.least between 0 and %(line)s
