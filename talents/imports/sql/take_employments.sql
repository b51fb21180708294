delete from talents_employment e using talents_nomination n
where e.nomination_id = n.id and n.batch_id = %(batch)s
