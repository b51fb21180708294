-- Those not entered yet; one known under another name by now is left out, which stops the import.
insert into competitions_entry (item_id, number, person_id, employer, unit_id, present_level, team,
  late_reason, state, batch_id, batch_line, version)
select %(item)s, i.number, person.id, i.employer, unit.id, i.level, '',
  %(late_reason)s, 'entered', %(batch)s, i.line, 1
from incoming i
join talents_person person on person.identity_digest = i.identity_digest
left join (
  select translate(name, '（） ', '()') as name_key, min(id) as id
  from organizations_organization
  where <in_force> and path like any(%(within)s)
  group by 1 having count(*) = 1
) unit on unit.name_key = translate(i.employer, '（） ', '()')
where i.entry_id is null and replace(person.name, ' ', '') = replace(i.name, ' ', '')
order by i.line
on conflict do nothing
