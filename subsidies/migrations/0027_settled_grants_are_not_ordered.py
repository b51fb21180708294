"""Nothing is ordered of a grant whose year is settled: refused with JX017.

The order takes the grant FOR SHARE, a settlement takes it FOR NO KEY UPDATE: of the two at once the
second waits and sees what the first has done.
"""

from django.db import migrations

OPEN = """
create function subsidies_payment_is_of_an_open_grant() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from subsidies_grant where id = new.grant_id and state <> 'settled' for share;
  if not found then
    raise exception '该年度已决算，未拨付的金额已收回预算，不能再制单'
      using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger payment_is_of_an_open_grant before update of state on subsidies_payment
  for each row when (new.state = 'ordered') execute function subsidies_payment_is_of_an_open_grant();
"""
BACK = """
drop trigger payment_is_of_an_open_grant on subsidies_payment;
drop function subsidies_payment_is_of_an_open_grant();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0026_heads_stand_on_entries")]

    operations = [migrations.RunSQL(OPEN, BACK)]
