-- Line by line in the order of the file: what the separate account does not hold is refused.
with recursive standing as materialized (
  select a.line, a.number, a.fund_source, a.amount,
    row_number() over (partition by a.fund_source order by a.line) as place
  from (<accepted>) a
), run as (
  select purse.source, purse.balance as left_over, 0::bigint as place, null::int as line,
    null::text as number, null::numeric as amount, false as is_beyond
  from jsonb_to_recordset(%(purses)s::jsonb)
    as purse(source text, fund bigint, held bigint, spent bigint, balance numeric)
  union all
  select run.source,
    run.left_over - case when s.amount <= run.left_over then s.amount else 0 end, s.place, s.line,
    s.number, s.amount, s.amount > run.left_over
  from run
  join standing s on s.fund_source = run.source and s.place = run.place + 1
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, line, number, 'amount', %(amount_column)s, 'insufficient-balance', 'error',
  '第' || line || '行“' || %(amount_column)s || '”：支出' || to_char(amount, 'FM999,999,999,990.00')
  || '元，专账此时余额只有' || to_char(left_over, 'FM999,999,999,990.00') || '元，不能列支'
from run where is_beyond
