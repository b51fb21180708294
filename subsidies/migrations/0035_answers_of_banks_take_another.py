"""What the bank answered for a transfer is put right by another than entered it: refused with JX017.

A receipt is taken back before another number is entered, and a transfer that came back stays so: it is
paid anew on another list. Of two at once the second sees the row as the first has left it.
"""

from django.db import migrations

GUARD = """
create function subsidies_transfer_answer_takes_another() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if old.returned <> '' then
    raise exception '这一笔已登记退票，不能再改动银行结果' using errcode = 'JX017',
      constraint = 'transfer_came_back';
  end if;
  if old.receipt = '' then
    return new;
  end if;
  if new.receipt not in (old.receipt, '') then
    raise exception '回单号不能直接改动，须先撤回原回单再登记' using errcode = 'JX017',
      constraint = 'receipt_is_not_overwritten';
  end if;
  if new.answered_by_id is null or new.answered_by_id = old.answered_by_id then
    raise exception '回单由登记人以外的另一名财务人员撤回或改登退票' using errcode = 'JX017',
      constraint = 'answer_takes_another';
  end if;
  return new;
end $$;
create trigger transfer_answer_takes_another before update of receipt, returned on subsidies_transfer
  for each row when ((old.receipt, old.returned) is distinct from (new.receipt, new.returned))
  execute function subsidies_transfer_answer_takes_another();
"""
BACK = """
drop trigger transfer_answer_takes_another on subsidies_transfer;
drop function subsidies_transfer_answer_takes_another();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0034_transfers_say_who_answered")]

    operations = [migrations.RunSQL(GUARD, BACK)]
