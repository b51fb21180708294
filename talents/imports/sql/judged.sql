-- Stated rows with what their careers turned out to be.
with segments as materialized (
  <segments>
), faults as (
  select line,
    min(text) filter (where not is_read and not is_note) as unread,
    min(text) filter (where is_note) as aside,
    min(text) filter (where end_month < start_month) as reversed,
    min(text) filter (where greatest(start_month, end_month) > %(reference)s) as ahead,
    min(text) filter (where start_month < %(first_month)s
      or greatest(start_month, end_month) >= %(last_month)s) as impossible,
    min(text) filter (where start_month < youngest) as young,
    min(text) filter (where is_read and has_dated_remark) as remarked,
    bool_or(length(remainder) > 120) as is_wordy
  from (
    select segments.*, <birth_month> + %(childhood)s as youngest
    from segments
  ) segments
  where not is_read or end_month < start_month or greatest(start_month, end_month) > %(reference)s
    or length(remainder) > 120 or start_month < youngest or has_dated_remark
    or start_month < %(first_month)s
  group by line
), readable as (
  select line from segments
  where line in (select line from faults where aside is not null)
  group by line having bool_or(is_read)
)
select stated.*,
  coalesce(faults.unread, case when readable.line is null then faults.aside end) as unread,
  case when readable.line is not null then faults.aside end as aside,
  faults.reversed, faults.ahead, faults.impossible, faults.remarked,
  case when faults.impossible is null then faults.young end as young, coalesce(faults.is_wordy, false) as is_wordy,
  ranked.name as ranked_before
from (
  <stated>
) stated
left join faults on faults.line = stated.line
left join readable on readable.line = stated.line
left join (
  select n.unit_id, n.rank, o.name
  from talents_nomination n join talents_person o on o.id = n.person_id
  where n.round_id = %(round)s and n.rank is not null
) ranked on ranked.unit_id = stated.unit_id and ranked.rank = case when stated.rank ~ '^[0-9]{1,6}$' then stated.rank::int end
