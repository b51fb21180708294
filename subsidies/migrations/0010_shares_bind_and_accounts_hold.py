"""A signed allocation binds every grant of its fund; an academy is paid to a confirmed account only."""

from django.db import migrations

from workflow.records.guards import state_guards

ALLOCATIONS, FREE_ALLOCATIONS = state_guards("subsidies.allocation", "allocation", first="drawn")
ACCOUNTS, FREE_ACCOUNTS = state_guards("subsidies.payeeaccount", "payee_account", first="held")

FITS = """
create function subsidies_allocation_fits() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  planned numeric;
begin
  if old.state = 'signed' and (new.fund_id, new.edition_id, new.method, new.amount)
      is distinct from (old.fund_id, old.edition_id, old.method, old.amount) then
    raise exception '分配方案批准后不能改动' using errcode = 'JX017', constraint = tg_name;
  end if;
  if new.state <> 'signed' or old.state = 'signed' then
    return new;
  end if;
  -- whoever approves a grant of this fund waits here, or is waited for
  perform from subsidies_fund where id = new.fund_id and state = 'signed' for no key update;
  select l.amount into planned from subsidies_budgetline l join subsidies_fund f on f.id = l.fund_id
    where f.id = new.fund_id and f.state = 'signed' and l.line = 'academy';
  if coalesce(planned, 0) < new.amount or new.amount < (
    select coalesce(sum(s.amount), 0) from subsidies_share s where s.allocation_id = new.id
  ) then
    raise exception '分配总额超过该项资金已批准的学院补助预算，或各学院之和超过总额' using errcode = 'JX014',
      constraint = tg_name;
  end if;
  if exists (
    select from subsidies_grant g left join subsidies_share s
      on s.allocation_id = new.id and s.academy_id = g.academy_id
    where g.fund_id = new.fund_id and g.state <> 'refused' and g.approved > coalesce(s.amount, 0)
  ) then
    raise exception '有学院已批复的补助超过分配金额，请核对后重新试算' using errcode = 'JX014',
      constraint = 'share_below_approved';
  end if;
  return new;
end $$;
create trigger allocation_fits_the_budget before update on subsidies_allocation
  for each row execute function subsidies_allocation_fits();

create function subsidies_share_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  moved subsidies_share;
begin
  moved := coalesce(new, old);
  perform from subsidies_allocation where id = moved.allocation_id and state = 'drawn' for share;
  if not found then
    raise exception '分配方案已批准或作废，各学院金额不能改动' using errcode = 'JX017',
      constraint = tg_name;
  end if;
  return moved;
end $$;
create trigger share_stays_as_signed before insert or update or delete on subsidies_share
  for each row execute function subsidies_share_stays();

create function subsidies_grant_keeps_to_its_share() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  signed bigint;
  most numeric;
begin
  perform from subsidies_fund where id = new.fund_id for share;
  select id into signed from subsidies_allocation where fund_id = new.fund_id and state = 'signed';
  if found then
    select amount into most from subsidies_share
      where allocation_id = signed and academy_id = new.academy_id;
    if new.approved > coalesce(most, 0) then
      raise exception '超过本年度分配方案给该学院的%元', to_char(coalesce(most, 0), 'FM999,999,999,990.00')
        using errcode = 'JX014', constraint = 'exceeds_share';
    end if;
  end if;
  return new;
end $$;
create trigger grant_keeps_to_its_share before insert or update of approved on subsidies_grant
  for each row when (new.approved is not null) execute function subsidies_grant_keeps_to_its_share();
"""
NOT_FITS = """
drop trigger grant_keeps_to_its_share on subsidies_grant;
drop function subsidies_grant_keeps_to_its_share();
drop trigger share_stays_as_signed on subsidies_share;
drop function subsidies_share_stays();
drop trigger allocation_fits_the_budget on subsidies_allocation;
drop function subsidies_allocation_fits();
"""

HOLD = """
create function subsidies_entry_pays_no_account_on_hold() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from subsidies_payeeaccount p join subsidies_account a on a.academy_id = p.academy_id
    where a.id = new.taker_id and p.state = 'held'
  ) then
    raise exception '该学院收款账户的变更尚待回访确认，确认前暂停拨付' using errcode = 'JX013',
      constraint = 'account_on_hold';
  end if;
  return new;
end $$;
create trigger entry_pays_no_account_on_hold before insert on subsidies_entry
  for each row when (new.kind = 'pay') execute function subsidies_entry_pays_no_account_on_hold();

create function subsidies_transfer_goes_where_confirmed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (
    select from subsidies_payment p join subsidies_grant g on g.id = p.grant_id
    join subsidies_payeeaccount a on a.academy_id = g.academy_id and a.state = 'confirmed'
    where p.id = new.payment_id and (a.holder, a.bank, a.account_cipher, a.account_mask)
      = (new.payee, new.bank, new.account_cipher, new.account_mask)
  ) then
    raise exception '收款账户不是该学院经回访确认的账户，请作废清单后重新编制' using errcode = 'JX013',
      constraint = tg_name;
  end if;
  return new;
end $$;
create trigger transfer_goes_where_it_was_confirmed before insert or update of entry_id
  on subsidies_transfer for each row when (new.payment_id is not null)
  execute function subsidies_transfer_goes_where_confirmed();
"""
NO_HOLD = """
drop trigger transfer_goes_where_it_was_confirmed on subsidies_transfer;
drop function subsidies_transfer_goes_where_confirmed();
drop trigger entry_pays_no_account_on_hold on subsidies_entry;
drop function subsidies_entry_pays_no_account_on_hold();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0009_shares_and_payee_accounts")]

    operations = [
        migrations.RunSQL(ALLOCATIONS, FREE_ALLOCATIONS),
        migrations.RunSQL(ACCOUNTS, FREE_ACCOUNTS),
        migrations.RunSQL(FITS, NOT_FITS),
        migrations.RunSQL(HOLD, NO_HOLD),
    ]
