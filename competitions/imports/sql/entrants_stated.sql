-- One row for each staged line of a list of entrants: what it says, and whom it means.
select s.*, person.id as person_id, person.name as person_name,
  person.id is not null and exists (
    select from competitions_entry e where e.item_id = %(item)s and e.person_id = person.id
  ) as is_entered
from (
  select r.line, r.number, r.flags, r.identity_digest, r.identity_problem,
    @name as name, @blank(employer) as employer, @team as team,
    row_number() over (partition by @team order by r.line) + coalesce(team.members, 0) as place_in_team,
    @level as level_text, (case when @level <> '' then <level> end) as level,
    @signed in ('是', '已签署', '已签') as signed,
    @since as since_text, <since> as since,
    (case
      when length(@name) > 60 then 'name' when length(@employer) > 120 then 'employer'
      when length(@team) > 60 then 'team'
    end) as long_field
  from <pending> r
  left join (
    select team as name, count(*) as members from competitions_entry
    where item_id = %(item)s and team <> '' and state = 'entered'
    group by team
  ) team on team.name = @team
  offset 0
) s
left join talents_person person on person.identity_digest = s.identity_digest
