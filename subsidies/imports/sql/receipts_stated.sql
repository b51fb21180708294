-- One row for each staged line: which transfer it is about, and what became of that.
select s.*, t.id as transfer_id, t.amount as paid,
  -- a return comes after a receipt, too
  coalesce(t.receipt <> '' and s.result is distinct from 'returned' or t.returned <> '', false)
    as is_answered
from (
  select r.line, r.number, r.flags,
    upper(replace(@reference, ' ', '')) as reference,
    @blank(payee) as payee,
    @amount as amount_text, <amount> as amount,
    @result as result_text,
    (case when @result ~ '(失败|退票|退回|拒绝|不成功|未成功)' then 'returned'
      when @result ~ '(成功|已付|入账|完成)' then 'paid' end) as result,
    @blank(receipt) as receipt,
    @blank(reason) as reason,
    (case when length(@receipt) > 60 then 'receipt' when length(@reason) > 120 then 'reason' end)
      as long_field
  from <pending> r
  offset 0
) s
left join subsidies_payout o on o.id = %(payout)s
left join subsidies_transfer t on t.payout_id = o.id
  and upper(o.number || '-' || to_char(t.position, 'FM0000')) = s.reference
