"""Money on an academy's account is that of an approval: refused with JX017.

- A grant does not go back behind its approval, and is not refused, while money is on the accounts of its
  year or was spent of it (``grant_taken_back_leaves_nothing``): what was carried in would be stuck.
- Nothing is carried into, or spent of, a grant that is not approved (``grant_not_approved``). Of a year in
  which nobody ever asked for a grant (history, what was booked before) nothing is said.
- Of a settled year, besides what came back already, the rest of what was carried over: that entry
  taken back as a whole because the bank returned a transfer, and less of it carried anew under
  ``recarry:`` and the number of the red entry.

Both wait for the accounts, which every entry holds: of two at once the second sees the first.
"""

from django.db import migrations

APPROVED = """
create function subsidies_grant_taken_back_leaves_nothing() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from subsidies_account a where a.academy_id = new.academy_id and a.fund_id = new.fund_id
    order by a.id for no key update;
  if exists (
    select from subsidies_account a where a.academy_id = new.academy_id and a.fund_id = new.fund_id
      and a.kind in ('held', 'spent') and a.balance <> 0
  ) then
    raise exception '该年度专账已有上年结转的资金或支出，不能撤回批复或不予批复；按批复的项目列支，余额决算时结转或退回'
      using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger grant_taken_back_leaves_nothing before update of state on subsidies_grant
  for each row when (
    old.state in ('approved', 'paid') and new.state in ('draft', 'submitted', 'endorsed', 'refused')
    or old.state = 'endorsed' and new.state = 'refused'
  )
  execute function subsidies_grant_taken_back_leaves_nothing();

create function subsidies_entry_spends_of_an_approval() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from subsidies_account a join subsidies_grant g
      on g.academy_id = a.academy_id and g.fund_id = a.fund_id
    where a.id = case new.kind when 'carry' then new.taker_id else new.giver_id end
    having count(*) > 0 and not bool_or(g.state in ('approved', 'paid', 'settled'));
  if found then
    raise exception '该年度的补助尚未批复或不予批复，不能列支，也不能结转到该年度'
      using errcode = 'JX017', constraint = 'grant_not_approved';
  end if;
  return new;
end $$;
create trigger entry_spends_of_an_approval before insert on subsidies_entry
  for each row when (new.kind in ('spend', 'carry')) execute function subsidies_entry_spends_of_an_approval();
"""
NOT_APPROVED = """
drop trigger entry_spends_of_an_approval on subsidies_entry;
drop function subsidies_entry_spends_of_an_approval();
drop trigger grant_taken_back_leaves_nothing on subsidies_grant;
drop function subsidies_grant_taken_back_leaves_nothing();
"""
CARRIED = """
create function subsidies_is_rest_of_carry(e subsidies_entry) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from subsidies_entry red join subsidies_entry told on told.id = red.reverses_id
    where red.id = case when e.key ~ '^recarry:[0-9]{1,18}$' then substr(e.key, 9)::bigint end
      and red.reason = 'returned' and e.amount < told.amount
      and (told.kind, told.giver_id, told.taker_id) = (e.kind, e.giver_id, e.taker_id)
  )
$$;
"""
NOT_CARRIED = "drop function subsidies_is_rest_of_carry(subsidies_entry);"
BACK = """
create or replace function subsidies_comes_back(e subsidies_entry) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select case e.kind
    when 'release' then true when 'return' then true
    when 'red' then e.reason = 'finding' or e.reason = 'returned' and not exists (
      select from subsidies_entry where id = e.reverses_id and kind = 'spend'
    )
    {carry}when 'spend' then subsidies_is_rest_of_finding(e) else false end
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0041_what_audits_had_back_is_validated")]

    operations = [
        migrations.RunSQL(APPROVED, NOT_APPROVED),
        migrations.RunSQL(CARRIED, NOT_CARRIED),
        migrations.RunSQL(
            BACK.format(carry="when 'carry' then subsidies_is_rest_of_carry(e) "),
            BACK.format(carry=""),
        ),
    ]
