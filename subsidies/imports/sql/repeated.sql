-- The same invoice or voucher twice in one file: the later row is refused, unless no earlier row stands.
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, later.line, later.number, told.field, told."column", told.code, 'error',
  '第' || later.line || '行“' || told."column" || '”：与第' || told.first_line || told.says
from (
  select line, number,
    min(line) over (partition by invoice_key) as invoiced_first,
    min(line) over (partition by fund, voucher) as vouchered_first, invoice_key, voucher
  from (<accepted>) standing
) later
cross join lateral (values
  (later.invoiced_first, 'invoice_number', %(invoice_column)s, 'duplicate-invoice',
    '行是同一张发票，一张发票只能列支一次，请核对后删去本行'),
  (later.vouchered_first, 'voucher', %(voucher_column)s, 'duplicate-voucher',
    '行的凭证号相同，一张凭证只能登记一次，请核对后更正')
) as told (first_line, field, "column", code, says)
where told.first_line < later.line
  and (told.code = 'duplicate-invoice' or later.invoiced_first = later.line)
