-- One row for each staged line: what its cells say, whom it means, how that one is entered already.
select s.*, person.id as person_id, person.name as person_name,
  entry.id as entry_id, entry.number as entry_number, entry.state as entry_state,
  numbered.person_id as number_person,
  entry.id is not null and exists (
    select from competitions_mark m where m.entry_id = entry.id and not m.is_superseded
  ) as is_marked,
  (case
    when entry.id is not null then ''
    when extract(year from age(%(asked_on)s::date, s.identity_birth_on)) < %(youngest)s::int then %(too_young)s
    when extract(year from age(%(asked_on)s::date, s.identity_birth_on)) > %(oldest)s::int then %(too_old)s
    else ''
  end) as not_admitted
from (
  select r.line, r.flags, r.identity_digest, r.identity_problem, r.identity_birth_on,
    replace(r.cells[1], ' ', '') as number, @name as name, @blank(employer) as employer,
    @level as level_text, (case when @level <> '' then <level> end) as level,
    (case
      when length(replace(r.cells[1], ' ', '')) > 20 then 'number' when length(@name) > 60 then 'name'
      when length(@employer) > 120 then 'employer'
    end) as long_field
  from <pending> r
  offset 0
) s
left join talents_person person on person.identity_digest = s.identity_digest
left join competitions_entry entry on entry.item_id = %(item)s and entry.person_id = person.id
left join competitions_entry numbered
  on numbered.item_id = %(item)s and numbered.number = s.number and s.number <> ''
