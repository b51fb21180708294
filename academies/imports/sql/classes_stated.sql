-- One row for each staged class: what its cells say.
select r.line, r.number, r.flags,
  upper(replace(@class_number, ' ', '')) as class_number,
  @class_name as class_name,
  @blank(specialty) as specialty,
  @form as form_text,
  (case
    when @blank(form) = '' then ''
    when @form ~ '线上.*线下|线下.*线上|混合|结合' then 'blended'
    when @form ~ '线上|网络|网上|直播|远程' then 'online'
    when @form ~ '线下|面授|集中|现场|脱产' then 'offline'
  end) as form,
  @practical as practical_text,
  (case
    when @practical in ('是', '√', '✓', 'Y', 'y', '1', 'TRUE', '实操', '实训') then true
    when @practical in ('否', '×', 'N', 'n', '0', 'FALSE', '非实操', '理论', '') then false
  end) as is_practical,
  @starts_on as starts_text, <starts_on> as starts_on,
  @ends_on as ends_text, <ends_on> as ends_on,
  rtrim(replace(@blank(hours), ' ', ''), '学课时小') as hours,
  @blank(room) as room,
  rtrim(replace(@blank(planned), ' ', ''), '人名') as planned,
  (case
    when length(@class_number) > 30 then 'class_number'
    when length(@class_name) > 120 then 'class_name'
    when length(@specialty) > 60 then 'specialty' when length(@room) > 60 then 'room'
  end) as long_field,
  exists (
    select from academies_trainingclass c
    where c.academy_id = %(academy)s and c.year = %(year)s
      and c.number = upper(replace(@class_number, ' ', ''))
  ) as is_filed,
  exists (
    select from academies_brand b
    where b.academy_id = %(academy)s and b.name = @specialty
      and <in_the_year>
  ) as is_brand
from (
  select line, number, flags, cells || '{}'::text[] as cells
  from intake_importrow
  where batch_id = %(batch)s and outcome = 'pending'
    and (%(lines)s::int[] is null or line = any(%(lines)s::int[]))
) r
