-- One row for each staged line of the roster: what its cells say, whom and which class they mean.
select s.*, filed.id as class_id, person.id as person_id, person.name as person_name,
  %(is_waiting)s and staged.class_number is not null as is_staged,
  coalesce(staged.is_refused, false) as is_refused,
  filed.id is not null and person.id is not null and exists (
    select from academies_enrolment e
    where e.training_class_id = filed.id and e.person_id = person.id
  ) as is_filed,
  filed.id is not null and person.id is not null
    and exists (
      select from academies_trainingclass c
      join academies_enrolment o on o.person_id = person.id and o.training_class_id <> c.id
      join academies_trainingclass d on d.id = o.training_class_id
      where c.id = filed.id and academies_clash(c, d)
    ) as is_elsewhere
from (
  select r.line, r.number, r.flags, r.identity_digest, r.identity_problem, r.phone_digest,
    upper(replace(@class_number, ' ', '')) as class_number,
    @name as name,
    @blank(employer) as employer,
    @blank(occupation) as occupation,
    @attendance as attendance_text,
    (case
      when @attendance = '' then null
      when @attendance ~ '^[0-9]{1,3}([.][0-9]+)?%%$' then rtrim(@attendance, '%%')::numeric
      when @attendance ~ '^([01]|[01]?[.][0-9]+)$' then @attendance::numeric * 100
      when @attendance ~ '^[0-9]{1,3}([.][0-9]+)?$' then @attendance::numeric
    end) as attendance,
    @result as result_text,
    (case
      when @result in ('合格', '通过', '及格', '良好', '优秀', '优') then true
      when @result in ('不合格', '未通过', '不及格', '不通过') then false
    end) as passed,
    @level_before as before_text, <level_before> as level_before,
    @level_after as after_text, <level_after> as level_after,
    upper(replace(@blank(certificate), ' ', '')) as certificate,
    (case
      when length(@name) > 60 then 'name' when length(@employer) > 120 then 'employer'
      when length(@occupation) > 60 then 'occupation'
      when length(@certificate) > 30 then 'certificate'
    end) as long_field
  from <pending> r
  offset 0
) s
left join (
  select number, id from academies_trainingclass
  where academy_id = %(academy)s and year = %(year)s
) filed on filed.number = s.class_number
left join (
  <staged>
) staged on staged.class_number = s.class_number
<person>
