-- Verdicts about nominations that go; the figures of their runs follow.
with gone as (
  delete from talents_assessment a
  using talents_assessmentrun r
  where a.run_id = r.id and r.round_id = %(round)s
    and a.nomination_id in (select id from talents_nomination where batch_id = %(batch)s)
  returning a.run_id, a.overall
), figures as (
  select run_id, count(*) filter (where overall = 2) as eligible,
    count(*) filter (where overall = 0) as ineligible, count(*) filter (where overall = 1) as missing
  from gone group by run_id
)
update talents_assessmentrun r set
  eligible_count = greatest(r.eligible_count - f.eligible, 0),
  ineligible_count = greatest(r.ineligible_count - f.ineligible, 0),
  missing_count = greatest(r.missing_count - f.missing, 0)
from figures f where f.run_id = r.id
