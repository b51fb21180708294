-- Book each standing row, in the order of the file, and keep what it was.
insert into subsidies_expense (academy_id, fund_id, spent_on, project, use, use_title, summary, payee,
  invoice_code, invoice_number, amount, voucher, training_class_id, entry_id, batch_id, batch_line)
select %(academy)s, b.fund, b.spent_on, b.project, b.use, b.use_title, b.summary, b.payee,
  b.invoice_code, b.invoice_number, b.amount, b.voucher, b.class_id, b.entry, %(batch)s, b.line
from (
  select i.*, subsidies_post('expense:' || %(batch)s || ':' || i.line, 'spend', i.held, i.spent,
    i.amount, %(actor)s, null, i.spent_on, i.summary, null, '', subsidies_evidence(i.use, i.payee,
    i.invoice_code, i.invoice_number, i.voucher, i.project, i.summary)) as entry
  from (select * from incoming order by line) i
  offset 0
) b
on conflict do nothing
