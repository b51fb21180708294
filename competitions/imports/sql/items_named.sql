-- The codes of items that the rows of a list name.
select distinct <code> from intake_importrow r where r.batch_id = %(batch)s
