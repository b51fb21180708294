-- A person known under another name by now is left out, which stops the import. What was revoked is
-- registered as given, and revoked on record right after.
insert into talents_honour (person_id, organization_id, unit, trade, title, scheme, tier, year,
  named_on, document_number, certificate_number, state, reason, batch_id, batch_line, version)
select person.id, i.organization_id, i.unit, i.trade, i.title, i.scheme, i.tier, i.year, i.named_on,
  i.document_number, i.certificate, 'valid', '', %(batch)s, i.line, 1
from incoming i
join talents_person person on person.identity_digest = i.identity_digest
where replace(person.name, ' ', '') = replace(i.name, ' ', '')
order by i.line
on conflict (certificate_number) do nothing
