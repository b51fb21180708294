-- A person known under another name by now is left out, which stops the import.
insert into talents_actionentry (kind, sort, organization_id, person_id, told, document_number, held_on,
  entered_by_id, entered_at, batch_id, batch_line)
select i.kind, i.sort, i.organization_id, person.id, i.told, i.document_number, i.held_on, %(actor)s,
  now(), %(batch)s, i.line
from incoming i
left join talents_person person on i.is_personal and person.identity_digest = i.identity_digest
where not i.is_personal or replace(person.name, ' ', '') = replace(i.name, ' ', '')
order by i.line
on conflict do nothing
