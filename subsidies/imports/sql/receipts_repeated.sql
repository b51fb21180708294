-- One transfer twice in one file: the later row is refused.
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, line, number, 'reference', %(column)s, 'duplicate-transfer', 'error',
  '第' || line || '行“' || %(column)s || '”：与第' || first_line || '行是同一笔付款，请核对后删去本行'
from (
  select line, number, min(line) over (partition by transfer_id) as first_line
  from (<stated>) s where transfer_id is not null
) told
where first_line < line
