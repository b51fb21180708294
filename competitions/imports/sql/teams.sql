-- Of each team the first entered is its captain; the others of the batch go under his number.
update competitions_entry e set captain_id = captain.id
from (
  select item_id, team, min(id) as id from competitions_entry
  where item_id = any(%(team_items)s) and state = 'entered' and captain_id is null and team <> ''
  group by item_id, team
) captain
where e.batch_id = %(batch)s and e.item_id = captain.item_id and e.team = captain.team
  and e.id <> captain.id and e.captain_id is null
