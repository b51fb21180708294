"""What an academy had of a fund stays as its account was confirmed: refused with JX017, ``grant_settled``.

It is judged by the grant whose account was confirmed, not by the fund, in which others may still run.
Nothing moves on that academy's accounts but what comes back: what the bank returned, what an audit found
(taken back as a whole, with the rest booked anew under ``rest:`` and the number of the red entry), what
is released into the budget or given back. The same comes back to a fund whose books are closed.

An entry holds its two accounts when this is asked, and confirming holds all accounts of the year: of two
at once the second sees what the first has done.
"""

from django.db import migrations

BACK_AGAIN = """
create function subsidies_is_rest_of_finding(e subsidies_entry) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from subsidies_entry red join subsidies_entry told on told.id = red.reverses_id
    where red.id = case when e.key ~ '^rest:[0-9]{1,18}$' then substr(e.key, 6)::bigint end
      and red.reason = 'finding' and e.amount < told.amount
      and (told.kind, told.giver_id, told.taker_id, told.booked_on, told.evidence)
        = (e.kind, e.giver_id, e.taker_id, e.booked_on, e.evidence)
  )
$$;

create function subsidies_comes_back(e subsidies_entry) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select case e.kind
    when 'release' then true when 'return' then true
    when 'red' then e.reason = 'finding' or e.reason = 'returned' and not exists (
      select from subsidies_entry where id = e.reverses_id and kind = 'spend'
    )
    when 'spend' then subsidies_is_rest_of_finding(e) else false end
$$;
"""
NOT_BACK = """
drop function subsidies_comes_back(subsidies_entry);
drop function subsidies_is_rest_of_finding(subsidies_entry);
"""

SETTLED = """
create function subsidies_entry_spares_settled_years() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from subsidies_account a
    join subsidies_grant g on g.academy_id = a.academy_id and g.fund_id = a.fund_id
      and g.state <> 'refused'
    join subsidies_settlement s on s.grant_id = g.id and s.state = 'confirmed'
    where a.id in (new.giver_id, new.taker_id);
  if found and not subsidies_comes_back(new) then
    raise exception '该学院该年度的补助已决算，除银行退票、审计认定的冲销和退回以外不再记账'
      using errcode = 'JX017', constraint = 'grant_settled';
  end if;
  return new;
end $$;
create trigger entry_spares_settled_years before insert on subsidies_entry
  for each row when (new.kind not in ('release', 'return', 'disburse', 'appropriate'))
  execute function subsidies_entry_spares_settled_years();
"""
UNSETTLED = """
drop trigger entry_spares_settled_years on subsidies_entry;
drop function subsidies_entry_spares_settled_years();
"""

CLOSED = """
create or replace function subsidies_entry_spares_closed_funds() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if {comes_back} then
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
"""
BEFORE = "new.kind in ('release', 'return') or new.kind = 'red' and new.reason in ('returned', 'finding')"

EMPTY = """
create or replace function subsidies_settlement_leaves_nothing() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  {waiting}if exists (
    select from subsidies_grant g join subsidies_account a
      on a.academy_id = g.academy_id and a.fund_id = g.fund_id
    where g.id = new.grant_id and a.kind in ('held', 'reserved') and a.balance <> 0
  ) then
    raise exception '该年度专账仍有余额，结转、退回、收回之后才能审定决算'
      using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
"""
WAITING = """perform from subsidies_account a join subsidies_grant g
      on g.academy_id = a.academy_id and g.fund_id = a.fund_id
    where g.id = new.grant_id order by a.id for no key update of a;
  """


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0032_trades_are_one_whatever_their_blanks")]

    operations = [
        migrations.RunSQL(BACK_AGAIN, NOT_BACK),
        migrations.RunSQL(SETTLED, UNSETTLED),
        migrations.RunSQL(
            CLOSED.format(comes_back="subsidies_comes_back(new)"), CLOSED.format(comes_back=BEFORE)
        ),
        migrations.RunSQL(EMPTY.format(waiting=WAITING), EMPTY.format(waiting="")),
    ]
