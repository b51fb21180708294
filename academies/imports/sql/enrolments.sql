-- A person known under another name by now is left out, which stops the import.
insert into academies_enrolment (training_class_id, academy_id, year, is_practical, person_id,
  batch_id, batch_line, version, passed, level_before, level_after, attendance, employer,
  occupation, certificate_number, phone_digest)
select c.id, c.academy_id, c.year, c.is_practical, person.id, %(batch)s, i.line, 1, i.passed,
  i.level_before, i.level_after, case when i.attendance <= 100 then round(i.attendance, 2) end,
  i.employer, i.occupation,
  case when 'certificate' = any(i.flags) then '' else i.certificate end, i.phone_digest
from incoming i
join academies_trainingclass c on c.id = i.class_id
<person>
where replace(person.name, ' ', '') = replace(i.name, ' ', '')
order by i.line
on conflict (training_class_id, person_id) do nothing
