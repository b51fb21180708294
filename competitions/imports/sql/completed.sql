-- Of those entered before, what their entry leaves open.
update competitions_entry e set
  number = case when e.number = '' then i.number else e.number end,
  present_level = coalesce(e.present_level, i.level),
  employer = case when e.employer = '' then i.employer else e.employer end
from incoming i
where e.id = i.entry_id
