"""Claims and payouts: levels only climb, money goes as booked, and many hands are different hands."""

from django.db import migrations

from workflow.records.guards import state_guards

CLAIMS, FREE_CLAIMS = state_guards("subsidies.claim", "claim", first="filed")
PAYOUTS, FREE_PAYOUTS = state_guards("subsidies.payout", "payout", first="drawn")

CLIMB = """
create function subsidies_claim_climbs() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from talents_person where id = new.person_id for no key update;
  if exists (
    select from subsidies_claim c where c.person_id = new.person_id and c.kind = new.kind
      and c.trade = new.trade and c.state <> 'refused'
      and translate(c.level, '054321TS', '12345678') > translate(new.level, '054321TS', '12345678')
  ) then
    raise exception '该人员同一职业（工种）已申领过更高等级，就高不就低，不再受理较低等级'
      using errcode = 'JX023', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger claim_climbs before insert on subsidies_claim
  for each row when (new.kind = 'boost') execute function subsidies_claim_climbs();
"""
NO_CLIMB = """
drop trigger claim_climbs on subsidies_claim;
drop function subsidies_claim_climbs();
"""

STAND = """
create function subsidies_claim_stands() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if old.state in ('approved', 'listed', 'paid') and
      (new.person_id, new.kind, new.fund_id, new.reserve_id, new.gross, new.tax, new.honour_id,
        new.certificate_id, new.account_cipher)
      is distinct from (old.person_id, old.kind, old.fund_id, old.reserve_id, old.gross, old.tax,
        old.honour_id, old.certificate_id, old.account_cipher) then
    raise exception '已批准的申领不能改动金额、事由和收款账号' using errcode = 'JX017', constraint = tg_name;
  end if;
  if new.state = old.state or new.state not in ('approved', 'listed', 'paid') then
    return new;
  end if;
  if new.honour_id is not null and old.state <> 'paid' then
    perform from talents_honour where id = new.honour_id and state = 'valid' for share;
    if not found then
      raise exception '该称号已撤销或正在复核撤销，不能发放奖励' using errcode = 'JX023',
        constraint = 'title_not_in_force';
    end if;
  end if;
  if not exists (
    select from subsidies_entry e join subsidies_account a on a.id = e.taker_id
    where e.id = new.reserve_id and e.kind = 'reserve' and e.amount = new.gross
      and a.fund_id = new.fund_id and a.line = new.line and a.academy_id is null
  ) or new.state = 'paid' and not exists (
    select from subsidies_transfer t where t.claim_id = new.id and t.entry_id is not null
      and t.returned = ''
  ) then
    raise exception '申领与记账凭证不符' using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger claim_stands before update on subsidies_claim
  for each row execute function subsidies_claim_stands();
"""
NO_STAND = """
drop trigger claim_stands on subsidies_claim;
drop function subsidies_claim_stands();
"""

BOOKED = """
create function subsidies_transfer_is_booked() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.entry_id is not null and new.entry_id is distinct from old.entry_id
      or new.entry_id is not null and not exists (
    select from subsidies_entry e join subsidies_account a on a.id = e.giver_id
    join subsidies_payout o on o.id = new.payout_id and o.fund_id = a.fund_id and o.line = a.line
    left join subsidies_claim c on c.id = new.claim_id
    left join subsidies_payment p on p.id = new.payment_id
    where e.id = new.entry_id
      and (e.kind = 'disburse' and e.amount = c.gross and new.amount = c.net
        or e.kind = 'pay' and e.id = p.entry_id and new.amount = p.amount)
  ) then
    raise exception '付款明细与记账凭证不符' using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger transfer_is_what_was_booked before insert or update on subsidies_transfer
  for each row execute function subsidies_transfer_is_booked();
"""
NOT_BOOKED = """
drop trigger transfer_is_what_was_booked on subsidies_transfer;
drop function subsidies_transfer_is_booked();
"""

OTHERS = """
create function subsidies_payout_takes_other_people() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (
    select from subsidies_transfer t join subsidies_claim c on c.id = t.claim_id
    where t.payout_id = new.id
      and new.signed_by_id in (c.filed_by_id, c.endorsed_by_id, c.approved_by_id)
  ) then
    raise exception '提出、审核、批准过清单所列申领的人不能复核付款，请由其他财务人员办理'
      using errcode = 'JX019', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger payout_takes_other_people before update of signed_by_id on subsidies_payout
  for each row execute function subsidies_payout_takes_other_people();

create function subsidies_transfer_takes_other_people() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (
    select from subsidies_payout o join subsidies_claim c on c.id = new.claim_id
    where o.id = new.payout_id and o.drawn_by_id in (c.filed_by_id, c.endorsed_by_id, c.approved_by_id)
  ) then
    raise exception '提出、审核、批准过这笔申领的人不能制付款清单，请由其他财务人员办理'
      using errcode = 'JX019', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger transfer_takes_other_people before insert on subsidies_transfer
  for each row execute function subsidies_transfer_takes_other_people();
"""
NO_OTHERS = """
drop trigger transfer_takes_other_people on subsidies_transfer;
drop function subsidies_transfer_takes_other_people();
drop trigger payout_takes_other_people on subsidies_payout;
drop function subsidies_payout_takes_other_people();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0005_people_claim_money")]

    operations = [
        migrations.RunSQL(CLAIMS, FREE_CLAIMS),
        migrations.RunSQL(PAYOUTS, FREE_PAYOUTS),
        migrations.RunSQL(CLIMB, NO_CLIMB),
        migrations.RunSQL(STAND, NO_STAND),
        migrations.RunSQL(BOOKED, NOT_BOOKED),
        migrations.RunSQL(OTHERS, NO_OTHERS),
    ]
