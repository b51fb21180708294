-- Whose entries were written just now.
update incoming i set entry_id = e.id
from competitions_entry e
where i.entry_id is null and e.batch_id = %(batch)s and e.batch_line = i.line
