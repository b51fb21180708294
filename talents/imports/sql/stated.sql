-- One row for each staged row: what its cells say, and whom and which unit they mean.
-- <units> are the bodies that may be nominating units.
-- @key stands for the cell of that column, @blank(key) for the cell with “无” and the like emptied.
select r.line, r.number, r.flags, r.identity_digest, r.identity_problem,
  r.identity_birth_on, r.identity_sex,
  @name as name,
  (case @sex when '男' then '1' when '女' then '2' when '' then ''
    when '男性' then '1' when '女性' then '2' end) as sex,
  @birth as birth,
  (case
    when @birth ~ '^(19|20)[0-9]{2}[年./-] ?[0-9]{1,2}(月|$|[./-][0-9]{1,2}$|月[0-9]{1,2}日?$)' then
      left(@birth, 4)::int * 12 - 1
      + split_part(translate(ltrim(substr(@birth, 6, 4)), '月./- ', '----'), '-', 1)::int
    when @birth ~ '^(19|20)[0-9]{2}(0[1-9]|1[0-2])([0-3][0-9])?$' then
      left(@birth, 4)::int * 12 - 1 + substr(@birth, 5, 2)::int
  end) as birth_month,
  @unit as unit_name,
  r.uscc,
  coalesce(by_code.id, case when by_name.bodies = 1 then by_name.id end) as unit_id,
  by_code.name_key <> r.unit_key as is_other_name,
  by_name.bodies,
  (case when @certificate = '' then '' else upper(replace(@blank(certificate), ' ', '')) end)
    as certificate,
  @post as post, @occupation as occupation,
  @skill_level as level_text,
  <level> as level,
  @blank(ethnicity) as ethnicity, @blank(education) as education,
  @blank(political_status) as political_status,
  <occupation_code> as occupation_code,
  @category as category_text, <category> as category,
  @blank(career) as career,
  @count(patents) as patents,
  @count(apprentices) as apprentices,
  @count(rank) as rank,
  (case
    when length(@name) > 60 then 'name' when length(@ethnicity) > 20 then 'ethnicity'
    when length(@political_status) > 20 then 'political_status'
    when length(@education) > 20 then 'education' when length(@post) > 60 then 'post'
    when length(@occupation) > 60 then 'occupation'
    when length(@certificate) > 30 then 'certificate'
  end) as long_field,
  array_remove(array[
    case when @hollow(leading) then 'force_leading' end,
    case when @hollow(practice) then 'force_practice' end,
    case when @hollow(innovation) then 'force_innovation' end,
    case when @hollow(tackling) then 'force_tackling' end,
    case when @hollow(passing) then 'force_passing' end
  ], null) as hollow,
  person.id as person_id, person.name as person_name,
  coalesce(person_unit.path like %(within)s, false) as is_near,
  filed.path is not null as is_filed,
  coalesce(filed.path like %(within)s, false) as is_filed_near
from (
  select r.*,
    case when @uscc = '' then '' else upper(replace(@blank(uscc), ' ', '')) end as uscc,
    replace(replace(replace(@unit, '（', '('), '）', ')'), ' ', '') as unit_key
  from <pending> r
  offset 0
) r
left join (
  select distinct on (uscc) uscc, id,
    replace(replace(replace(name, '（', '('), '）', ')'), ' ', '') as name_key
  from (<units>) units
  where uscc <> ''
  order by uscc, id
) by_code on by_code.uscc = r.uscc
left join (
  select replace(replace(replace(name, '（', '('), '）', ')'), ' ', '') as name_key,
    min(id) as id, count(*) as bodies
  from (<units>) units
  group by 1
) by_name on by_name.name_key = r.unit_key
left join talents_person person on person.identity_digest = r.identity_digest
left join organizations_organization person_unit on person_unit.id = person.organization_id
left join lateral (
  select u.path from talents_nomination n join organizations_organization u on u.id = n.unit_id
  where n.round_id = %(round)s and n.person_id = person.id
) filed on true
