"""A settlement is confirmed only once nothing is left on the accounts of its year."""

from django.db import migrations

from workflow.records.guards import state_guards

GUARDED, FREE = state_guards("subsidies.settlement", "settlement", first="submitted")

EMPTY = """
create function subsidies_settlement_leaves_nothing() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from subsidies_grant g join subsidies_account a
      on a.academy_id = g.academy_id and a.fund_id = g.fund_id
    where g.id = new.grant_id and a.kind in ('held', 'reserved') and a.balance <> 0
  ) then
    raise exception '该年度专账仍有余额，结转、退回、收回之后才能审定决算'
      using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger settlement_leaves_nothing before update on subsidies_settlement
  for each row when (new.state = 'confirmed' and old.state <> 'confirmed')
  execute function subsidies_settlement_leaves_nothing();
"""
NOT_EMPTY = """
drop trigger settlement_leaves_nothing on subsidies_settlement;
drop function subsidies_settlement_leaves_nothing();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0007_years_are_settled")]

    operations = [migrations.RunSQL(GUARDED, FREE), migrations.RunSQL(EMPTY, NOT_EMPTY)]
