-- Experts whom the pool does not know yet, by their code.
insert into talents_expert (organization_id, code, name, fields, batch_id)
select distinct %(organizer)s::bigint, i.expert, '', '', %(batch)s::bigint
from incoming i
where i.expert_id is null
on conflict (organization_id, code) do nothing
