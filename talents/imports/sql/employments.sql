insert into talents_employment (person_id, nomination_id, start_month, end_month, is_frontline,
  employer, trade)
select person_id, nomination_id, start_month, end_month, is_frontline,
  case when trade = '' then remainder else rtrim(left(remainder, -length(trade))) end,
  trade
from (
  select i.person_id, i.nomination_id, s.start_month, s.end_month,
    not (strpos(s.remainder, '一线') > 0
      and s.remainder ~ '非(生产)?一线|不(在|属|属于)(生产)?一线') as is_frontline,
    told.remainder,
    case when strpos(told.remainder, ' ') > 0 and length(split_part(told.remainder, ' ', -1)) <= 60
      then split_part(told.remainder, ' ', -1) else '' end as trade
  from (
    <segments>
  ) s
  cross join lateral (
    select case when strpos(s.remainder, '非一线') > 0
      then rtrim(regexp_replace(s.remainder, ' *[（(【〔[] *非一线 *[）)】〕\]]', ''))
      else s.remainder end as remainder
  ) told
  join incoming i on i.line = s.line
  where s.is_read
) cut
