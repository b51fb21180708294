"""An expense of which an audit wants money back is taken back with that refund, not by the academy alone:
refused with JX023, ``refund_takes_it_back``. Else it is entered anew, and the rest of the year, which the
payer has anyway, pays for the refund.
"""

from django.db import migrations

TAKES = """
create function audits_entry_waits_for_the_refund() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from audits_finding f where f.state = 'issued' and f.refund > 0 and f.returned_id is null
    and f.id in (
      select p.finding_id from audits_paper p join subsidies_expense e on e.id = p.expense_id
      where e.entry_id = new.reverses_id
    ) order by f.id for share;
  if found then
    raise exception '审计发现要求退回这笔支出的款项，由出资单位财务登记退回款时一并冲销，不能自行冲销'
      using errcode = 'JX023', constraint = 'refund_takes_it_back';
  end if;
  return new;
end $$;
create trigger entry_waits_for_the_refund before insert on subsidies_entry
  for each row when (new.kind = 'red' and (new.reason <> 'finding' or new.approved_by_id is null))
  execute function audits_entry_waits_for_the_refund();
"""
NOT = """
drop trigger entry_waits_for_the_refund on subsidies_entry;
drop function audits_entry_waits_for_the_refund();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0006_withdrawn_findings_are_validated"),
        ("subsidies", "0042_money_is_of_an_approval"),
    ]

    operations = [migrations.RunSQL(TAKES, NOT)]
