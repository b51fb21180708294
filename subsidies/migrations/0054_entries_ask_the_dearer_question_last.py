"""What an entry is asked for costs less: the head by its place, an exception only where a fund is closed.

Nothing else changes. See workflow 0006 for the head.
"""

from importlib import import_module

from django.db import migrations

from workflow.records.guards import head_found_by_place, head_guard_body

TABLE, NAME = "subsidies_entry", "chain_head_has_its_entry"

CLOSED = """
create or replace function subsidies_entry_spares_closed_funds() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from subsidies_account a join subsidies_fund f on f.id = a.fund_id
    where a.id in (new.giver_id, new.taker_id) and f.state = 'closed';
  if found and not subsidies_comes_back(new) then
    raise exception '该项资金已结账，除银行退票、审计认定的冲销和退回以外不再记账'
      using errcode = 'JX017', constraint = 'fund_closed';
  end if;
  return new;
end $$;
"""
BEFORE = import_module("subsidies.migrations.0033_settled_years_stay_settled").CLOSED.format(
    comes_back="subsidies_comes_back(new)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0053_money_of_two_people_to_one_account_waits"),
        ("workflow", "0006_heads_are_found_by_their_place"),
    ]

    operations = [
        migrations.RunSQL(
            head_found_by_place(TABLE, NAME), head_guard_body(TABLE, NAME)
        ),
        migrations.RunSQL(CLOSED, BEFORE),
    ]
