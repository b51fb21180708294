-- Those the batch put on file, unless another nomination of the same person names them too.
delete from talents_certificate c using talents_nomination n
where c.origin_batch_id = %(batch)s and n.batch_id = %(batch)s and n.person_id = c.person_id
  and not exists (
    select from talents_nomination o
    where o.person_id = c.person_id and o.certificate_number = c.number
      and o.batch_id is distinct from %(batch)s
  )
