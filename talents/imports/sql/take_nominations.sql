-- Only what nobody has worked on; what is left tells that somebody has, since we looked.
with gone as (
  delete from talents_nomination
  where batch_id = %(batch)s and state = 'draft' and edited_at is null
  returning person_id
)
insert into leaving (person_id) select person_id from gone
