"""A list may be given up whatever became of the titles on it: a claim goes back from it unpaid.

Everything else that lets money go still needs a title in force: onto a list, and from it to the bank.
"""

from django.db import migrations

STAND = """
create or replace function subsidies_claim_stands() returns trigger
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
  if new.honour_id is not null and old.state <> 'paid'{but} then
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
"""
GIVEN_UP = "\n      and (old.state, new.state) <> ('listed', 'approved')"


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0027_settled_grants_are_not_ordered")]

    operations = [
        migrations.RunSQL(STAND.replace("{but}", GIVEN_UP), STAND.replace("{but}", "")),
    ]
