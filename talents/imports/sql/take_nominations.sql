with gone as (
  delete from talents_nomination where batch_id = %(batch)s returning person_id
)
insert into leaving (person_id) select person_id from gone
