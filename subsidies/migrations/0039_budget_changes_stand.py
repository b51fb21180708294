"""A change of a signed budget is booked as it says, and stays: refused with JX017.

``withhold`` takes out of a budget what nobody reserved, back to where it came from.
"""

from django.db import migrations

from workflow.records.guards import state_guards

FLOWS = """
create or replace function subsidies_flow(kind text) returns text language sql immutable parallel safe as $$
  select case kind
    when 'appropriate' then 'source>budget'{more}
    when 'opening' then 'budget>held'  -- or from the source, while there is no budget
    when 'reserve' then 'budget>reserved' when 'release' then 'reserved>budget'
    when 'pay' then 'reserved>held' when 'receive' then 'source>held'
    when 'spend' then 'held>spent' when 'return' then 'held>returned'
    when 'carry' then 'held>held' when 'disburse' then 'reserved>paid' end
$$;
"""
STANDS = """
create function subsidies_budget_change_stands() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if old.state = 'signed' or to_jsonb(new) - array['state', 'signed_by_id', 'entry_id']
        <> to_jsonb(old) - array['state', 'signed_by_id', 'entry_id'] then
      raise exception '预算调整编制后不能改动，要改的作废或另行调整' using errcode = 'JX017',
        constraint = tg_name;
    end if;
    if new.state = 'dropped' then
      return new;
    end if;
  end if;
  perform from subsidies_fund where id = new.fund_id and state = 'signed' for share;
  if not found then
    raise exception '预算批准以后、结账以前才能调整' using errcode = 'JX017', constraint = tg_name;
  end if;
  if new.entry_id is not null and not exists (
    select from subsidies_entry e join subsidies_account a on a.id = e.giver_id
    where e.id = new.entry_id and e.key = 'budget-change:' || new.id and a.fund_id = new.fund_id and a.line = new.line
      and (e.kind, e.amount) = (
        case when new.amount > 0 then 'appropriate' else 'withhold' end, abs(new.amount))
  ) then
    raise exception '预算调整与记账凭证不符' using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger budget_change_stands before insert or update on subsidies_budgetchange
  for each row execute function subsidies_budget_change_stands();
"""
NOT = """
drop trigger budget_change_stands on subsidies_budgetchange;
drop function subsidies_budget_change_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0038_budgets_are_changed")]

    operations = [
        migrations.RunSQL(
            FLOWS.format(more=" when 'withhold' then 'budget>source'"), FLOWS.format(more="")
        ),
        migrations.RunSQL(*state_guards("subsidies.budgetchange", "budget_change", first="drawn")),
        migrations.RunSQL(STANDS, NOT),
    ]
