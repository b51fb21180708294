-- One row for each staged line: what its cells say, which person and which body it means.
-- A patent number stands without ZL and dot; its sign is checked and its kind compared as talents.rules.patents does.
select s.*, person.id as person_id, person.name as person_name, o.id as organization_id,
  (case s.kind
    when 'patent' then s.patent is not null and exists (
      select from talents_actionentry e
      where e.kind = 'patent' and e.withdrawn_on is null and e.document_number = s.patent)
    when 'seed' then exists (
      select from talents_actionentry e
      where e.kind = 'seed' and e.withdrawn_on is null and e.person_id = person.id)
    when 'assessing' then exists (
      select from talents_actionentry e
      where e.kind = 'assessing' and e.withdrawn_on is null and e.organization_id = o.id)
    else false
  end) as is_filed,
  (s.kind in ('seed', 'patent', 'four')
    or s.kind = 'small' and s.identity_problem is distinct from 'identity-missing') is true as is_personal,
  (case when s.patent is not null then right(s.patent, 1) = substr('0123456789X', (
    select sum(substr(s.patent, at, 1)::int * ((at - 1) %% 8 + 2))
    from generate_series(1, length(s.patent) - 1) as at)::int %% 11 + 1, 1) end) as patent_is_sound,
  (case when s.patent is not null and s.sort is not null then
    position(substr(s.patent, case length(s.patent) when 9 then 3 else 5 end, 1) in
      case s.sort <kinds> else '' end) > 0 end) as patent_fits,
  coalesce(s.patent, s.number_text) as document_number
from (
  select r.line, r.number, r.flags, r.identity_digest, r.identity_problem,
    @kind as kind_text, (case @kind <known> end) as kind,
    @blank(sort) as sort_text, (case (case @kind <known> end) || ' ' || @blank(sort) <sorts> end) as sort,
    @name as name,
    replace(translate(@organization, '（）', '()'), ' ', '') as organization_key,
    @organization as organization_text,
    @blank(told) as told,
    @blank(document_number) as number_text,
    (case when @kind = '专利' then
      substring(upper(regexp_replace(translate(@document_number, 'ｚｌｘ．', 'ZLX.'), '[[:space:]，,·]', '', 'g'))
        from '^(?:ZL)?([0-9]{8}|[0-9]{12})[.]?[0-9X]$')
      || right(upper(regexp_replace(@document_number, '[[:space:]，,·]', '', 'g')), 1) end) as patent,
    @held_on as held_text, <held_on> as held_on,
    (case
      when length(@name) > 60 then 'name' when length(@told) > 200 then 'told'
      when length(@document_number) > 60 then 'document_number'
    end) as long_field
  from <pending> r
  offset 0
) s
left join talents_person person on person.identity_digest = s.identity_digest
left join lateral (
  select min(b.id) as id
  from organizations_organization b
  where <in_force> and b.path like %(within)s and s.organization_key <> ''
    and (b.code = upper(s.organization_key) or b.uscc = upper(s.organization_key)
      or replace(translate(b.name, '（）', '()'), ' ', '') = s.organization_key)
  having count(*) = 1
) o on true
