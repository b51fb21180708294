"""No. 2511… and № 2511… are the invoice 2511…: what stands before the number is no part of it.

The keys on file are made anew. Where two standing expenses turn out to be of one invoice, nothing is
changed and both are named: one of them is reversed before the upgrade goes on.
"""

from django.db import migrations

KEY = """
create or replace function subsidies_invoice_key(code text, number text) returns text
language sql immutable parallel safe as $$
  select case when length(k.number) >= 20 then k.number else k.code || k.number end
  from (select
    upper(regexp_replace(normalize(code, NFKC), '[^0-9A-Za-z]', '', 'g')) as code,
    {number} as number
  ) k
$$;
"""
CLEAN = "upper(regexp_replace(normalize(number, NFKC), '[^0-9A-Za-z]', '', 'g'))"
BARE = f"regexp_replace({CLEAN}, '^(INVOICE)?(NO|NUMBER)?(?=[0-9])', '')"
TWICE = """
do $$
declare
  twice text;
begin
  select string_agg(x.id::text, '、' order by x.id) into twice from (
    select id, count(*) over (partition by subsidies_invoice_key(invoice_code, invoice_number)) as times
    from subsidies_expense where red_id is null
  ) x where x.times > 1;
  if twice is not null then
    raise exception '支出%的发票号码去掉“No.”以后相同，一张发票只能列支一次：请先红字冲销其中一笔，再升级', twice;
  end if;
end $$;
"""
#: What is written is what stood there, so that nothing but the key that is made of it changes.
ANEW = """
alter table subsidies_expense disable trigger user;
update subsidies_expense set invoice_code = invoice_code, invoice_number = invoice_number
  where invoice_key <> subsidies_invoice_key(invoice_code, invoice_number);
alter table subsidies_expense enable trigger user;
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0046_trades_are_one_whatever_their_brackets")]

    operations = [
        migrations.RunSQL(KEY.format(number=BARE) + TWICE + ANEW, KEY.format(number=CLEAN) + ANEW),
    ]
