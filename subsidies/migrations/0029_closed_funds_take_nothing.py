"""A fund whose books are closed takes nothing more: refused with JX017, ``fund_closed`` as constraint.

No application begins or moves on but to its refusal, nothing is parted, no line is planned anew, and no
money moves, but what comes back: what was paid or spent is taken back for a payment that the bank
returned or for what an audit found, released into the budget, or given back.

The papers hold the fund FOR KEY SHARE while they are written, and closing takes it FOR UPDATE; an entry
holds its two accounts, and closing waits for all accounts of the fund. So of two at once the second
sees what the first has done, and entries of one fund do not wait for one another.
"""

from django.db import migrations

PAPERS = """
create function subsidies_fund_is_not_closed() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  of bigint[] := array[
    case when tg_op <> 'INSERT' then old.fund_id end, case when tg_op <> 'DELETE' then new.fund_id end
  ];
begin
  perform from (select state from subsidies_fund where id = any(of) order by id for key share) f
    where f.state = 'closed';
  if found then
    raise exception '该项资金已结账，不再申报、批复、分配、编制预算；请在未结账的年度办理'
      using errcode = 'JX017', constraint = 'fund_closed';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger grant_is_of_an_open_fund before insert or update of state, fund_id on subsidies_grant
  for each row when (new.state not in ('refused', 'settled'))
  execute function subsidies_fund_is_not_closed();
create trigger allocation_is_of_an_open_fund before insert or update of state, fund_id
  on subsidies_allocation for each row when (new.state <> 'dropped')
  execute function subsidies_fund_is_not_closed();
create trigger budget_line_is_of_an_open_fund before insert or update or delete on subsidies_budgetline
  for each row execute function subsidies_fund_is_not_closed();
"""
PAPERS_BACK = """
drop trigger budget_line_is_of_an_open_fund on subsidies_budgetline;
drop trigger allocation_is_of_an_open_fund on subsidies_allocation;
drop trigger grant_is_of_an_open_fund on subsidies_grant;
drop function subsidies_fund_is_not_closed();
"""

# fires after entry_obeys_and_is_chained, which holds both accounts: triggers of one kind go by name
ENTRIES = """
create function subsidies_entry_spares_closed_funds() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.kind in ('release', 'return') or new.kind = 'red' and new.reason in ('returned', 'finding') then
    return new;
  end if;
  perform from subsidies_account a join subsidies_fund f on f.id = a.fund_id
    where a.id in (new.giver_id, new.taker_id) and f.state = 'closed';
  if found then
    raise exception '该项资金已结账，除银行退票、审计认定的冲销和退回以外不再记账'
      using errcode = 'JX017', constraint = 'fund_closed';
  end if;
  return new;
end $$;
create trigger entry_spares_closed_funds before insert on subsidies_entry
  for each row execute function subsidies_entry_spares_closed_funds();

create function subsidies_fund_closes_after_its_entries() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from subsidies_account where fund_id = new.id order by id for no key update;
  return new;
end $$;
create trigger fund_closes_after_its_entries before update of state on subsidies_fund
  for each row when (new.state = 'closed' and old.state <> 'closed')
  execute function subsidies_fund_closes_after_its_entries();
"""
ENTRIES_BACK = """
drop trigger fund_closes_after_its_entries on subsidies_fund;
drop function subsidies_fund_closes_after_its_entries();
drop trigger entry_spares_closed_funds on subsidies_entry;
drop function subsidies_entry_spares_closed_funds();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0028_lists_of_doubted_titles_are_given_up")]

    operations = [
        migrations.RunSQL(PAPERS, PAPERS_BACK),
        migrations.RunSQL(ENTRIES, ENTRIES_BACK),
    ]
