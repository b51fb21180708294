-- One row for each staged line: what its cells say, which person, naming body and step of a ladder it means.
-- Of steps that bear one title, that counts into which persons are selected, of the nearest union's ladder.
select s.*, person.id as person_id, person.name as person_name, o.id as organization_id,
  step.scheme, step.tier,
  exists (select from jsonb_to_recordset(%(titles)s::jsonb) as t(said text) where t.said = s.title) as is_title,
  exists (
    select from talents_honour h where h.certificate_number = s.certificate
  ) or s.certificate in (  -- a number stays taken when its certificate was issued again under another
    select former ->> 'number'
    from talents_honour h cross join jsonb_array_elements(h.former_certificates) former
  ) as is_filed
from (
  select r.line, r.number, r.flags, r.identity_digest, r.identity_problem,
    @name as name,
    @blank(unit) as unit,
    upper(replace(@organization, ' ', '')) as organization_code,
    @blank(trade) as trade,
    @title as title,
    @year as year_text,
    (case when @year ~ '^[0-9]{4} ?(年度?)?$' then left(@year, 4)::int end) as year,
    @named_on as named_text, <named_on> as named_on,
    @blank(document_number) as document_number,
    upper(replace(@certificate, ' ', '')) as certificate,
    @state as state_text,
    (case
      when @blank(state) in ('', '有效', '在册', '正常') then 'valid'
      when @state in ('撤销', '已撤销', '收回', '已收回') then 'revoked'
    end) as state,
    @blank(revoked_on) as revoked_text, <revoked_on> as revoked_on,
    @blank(reason) as reason,
    (case
      when length(@name) > 60 then 'name' when length(@unit) > 120 then 'unit'
      when length(@trade) > 60 then 'trade' when length(@title) > 60 then 'title'
      when length(@document_number) > 60 then 'document_number'
      when length(@certificate) > 40 then 'certificate'
      when length(@reason) > 200 then 'reason'
    end) as long_field
  from <pending> r
  offset 0
) s
left join talents_person person on person.identity_digest = s.identity_digest
left join organizations_organization o
  on o.code = s.organization_code and o.path like %(within)s
left join lateral (
  select t.scheme, t.tier
  from jsonb_to_recordset(%(titles)s::jsonb)
    as t(said text, scheme text, tier text, home text, is_selected boolean)
  where t.said = s.title and starts_with(o.path, t.home)
  order by t.is_selected desc, length(t.home) desc, t.scheme
  limit 1
) step on true
