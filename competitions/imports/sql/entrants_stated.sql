-- One row for each staged line of a list of entrants: what it says, whom and which item it means.
select s.*, person.id as person_id, person.name as person_name,
  person.id is not null and exists (
    select from competitions_entry e where e.item_id = s.item_id and e.person_id = person.id
  ) as is_entered
from (
  select r.line, r.number, r.flags, r.identity_digest, r.identity_problem,
    chosen.id as item_id, chosen.team_size, chosen.terms as terms_id, chosen.unit as unit_id, chosen.body,
    chosen.refusal, <code> as item_text,
    (case
      when extract(year from age(chosen.asked_on, r.identity_birth_on)) < chosen.youngest then chosen.too_young
      when extract(year from age(chosen.asked_on, r.identity_birth_on)) > chosen.oldest then chosen.too_old
      else ''
    end) as not_admitted,
    @name as name, @blank(employer) as employer, @team as team,
    row_number() over (partition by chosen.id, @team order by r.line) + coalesce(team.members, 0) as place_in_team,
    @level as level_text, (case when @level <> '' then <level> end) as level,
    @signed in ('是', '已签署', '已签') as signed,
    @since as since_text, <since> as since, @late_reason as late_reason, chosen.is_late,
    chosen.months, chosen.few_months, chosen.asked_on,
    (case
      when length(@name) > 60 then 'name' when length(@employer) > 120 then 'employer'
      when length(@team) > 60 then 'team' when length(@late_reason) > 200 then 'late_reason'
    end) as long_field
  from <pending> r
  left join (
    select * from jsonb_to_recordset(%(items)s::jsonb)
      as c(code text, id bigint, team_size int, terms bigint, unit bigint, body text, refusal text,
        asked_on date, youngest int, oldest int, too_young text, too_old text,
        is_late bool, months int, few_months text)
    <at_most>
  ) chosen on chosen.code = <code>
  left join (
    select item_id, team as name, count(*) as members from competitions_entry
    where item_id = any(%(team_items)s) and team <> '' and state = 'entered'
    group by item_id, team
  ) team on team.item_id = chosen.id and team.name = @team
  offset 0
) s
left join talents_person person on person.identity_digest = s.identity_digest
