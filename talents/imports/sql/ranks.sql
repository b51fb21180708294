-- A rank of a unit is given once: it stays with who is on file, else with the first row that has it.
update incoming i set rank = null
from (
  select o.line,
    row_number() over (partition by o.unit_id, o.rank order by o.line) > 1 or n.id is not null as is_given
  from incoming o
  left join talents_nomination n
    on n.round_id = %(round)s and n.unit_id = o.unit_id and n.rank = o.rank
  where o.rank is not null
) ranked
where ranked.line = i.line and ranked.is_given
