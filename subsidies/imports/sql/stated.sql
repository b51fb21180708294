-- One row for each staged line: what its cells say, and what is on file that it may clash with.
select s.*, purse.fund, purse.held, purse.spent,
  s.invoice_key <> '' and exists (
    select from subsidies_expense e where e.invoice_key = s.invoice_key and e.red_id is null
  ) as is_invoiced,
  exists (
    select from subsidies_expense d
    where d.invoice_key = s.invoice_key and d.red_id is not null and subsidies_is_disallowed(d)
  ) as is_disallowed,
  exists (
    select from subsidies_expense e
    where e.academy_id = %(academy)s and e.fund_id = purse.fund and e.voucher = s.voucher
      and e.red_id is null
  ) as is_vouchered,
  (select c.id from academies_trainingclass c
    where c.academy_id = %(academy)s and c.year = %(year)s and c.number = s.class_number
  ) as class_id
from (
  select r.line, r.number, r.flags,
    @spent_on as spent_text, <spent_on> as spent_on,
    @blank(project) as project,
    @use as use_text,
    %(meant)s::jsonb -> @use ->> 0 as use,
    %(meant)s::jsonb -> @use ->> 1 as use_title,
    coalesce((%(meant)s::jsonb -> @use ->> 2)::boolean, false) as is_permitted,
    coalesce((%(meant)s::jsonb -> @use ->> 3)::boolean, false) as needs_approval,
    @blank(summary) as summary,
    @payee as payee,
    @invoice_number as invoice_text,
    @blank(invoice_code) as invoice_code,
    @blank(invoice_number) as invoice_number,
    subsidies_invoice_key(@blank(invoice_code), @blank(invoice_number)) as invoice_key,
    @amount as amount_text, <amount> as amount,
    replace(@voucher, ' ', '') as voucher,
    upper(replace(@blank(class_number), ' ', '')) as class_number,
    @source as source_text,
    (case @blank(source) when '' then 'municipal' when '市总补助' then 'municipal'
      when '区配套' then 'district' when '自筹' then 'own' when '上级补助' then 'upper'
    end) as fund_source,
    (case
      when length(@project) > 60 then 'project' when length(@summary) > 200 then 'summary'
      when length(@payee) > 120 then 'payee' when length(@invoice_code) > 40 then 'invoice_code'
      when length(@invoice_number) > 60 then 'invoice_number'
      when length(@voucher) > 40 then 'voucher'
    end) as long_field
  from <pending> r
  offset 0
) s
left join jsonb_to_recordset(%(purses)s::jsonb)
  as purse(source text, fund bigint, held bigint, spent bigint, balance numeric)
  on purse.source = s.fund_source
