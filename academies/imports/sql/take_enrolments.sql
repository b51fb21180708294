with gone as (
  delete from academies_enrolment
  where academy_id = %(academy)s and year = %(year)s and batch_id = %(batch)s
  returning person_id
)
insert into leaving (person_id) select distinct person_id from gone
