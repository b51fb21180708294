-- Of those entered before, what their entry leaves open.
update competitions_entry e set
  number = case when e.number = '' then i.number else e.number end,
  -- once a board was published, a level is told by a document that somebody else looks at
  present_level = case when %(was_published)s then e.present_level else coalesce(e.present_level, i.level) end,
  employer = case when e.employer = '' then i.employer else e.employer end
from incoming i
where e.id = i.entry_id
