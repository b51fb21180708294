"""Money for a place in a contest goes only while the newest board has its entrant, and nothing speaks against it.

The item is held meanwhile, so that nobody takes the result away, appeals or opens the marks beside it.
"""

from django.db import migrations

BEGIN = """
create or replace function subsidies_claim_stands() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare of_item bigint; of_entry bigint;
begin
  if old.state in ('approved', 'listed', 'paid') and
      (new.person_id, new.kind, new.fund_id, new.reserve_id, new.gross, new.tax, new.honour_id,
        new.certificate_id, {kept}new.account_cipher)
      is distinct from (old.person_id, old.kind, old.fund_id, old.reserve_id, old.gross, old.tax,
        old.honour_id, old.certificate_id, {kept_old}old.account_cipher) then
    raise exception '已批准的申领不能改动金额、事由和收款账号' using errcode = 'JX017', constraint = tg_name;
  end if;
  if new.state = old.state or new.state not in ('approved', 'listed', 'paid') then
    return new;
  end if;
  if new.honour_id is not null and old.state <> 'paid'
      and (old.state, new.state) <> ('listed', 'approved') then
    perform from talents_honour where id = new.honour_id and state = 'valid' for share;
    if not found then
      raise exception '该称号已撤销或正在复核撤销，不能发放奖励' using errcode = 'JX023',
        constraint = 'title_not_in_force';
    end if;
  end if;
{place}  if not exists (
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
PLACE = """  if new.place_id is not null and old.state <> 'paid'
      and (old.state, new.state) <> ('listed', 'approved') then
    select b.item_id, l.entry_id into of_item, of_entry
      from competitions_boardline l join competitions_board b on b.id = l.board_id
      where l.id = new.place_id;
    perform from competitions_item where id = of_item and state = 'published' for share;
    if not found or exists (
      select from competitions_appeal where item_id = of_item and state = 'filed'
    ) or exists (
      select from competitions_entry where item_id = of_item and out_asked_by_id is not null
        and state = 'entered'
    ) or not exists (
      select from competitions_boardline l
        join competitions_board b on b.id = l.board_id
        join competitions_entry e on e.id = l.entry_id
      where l.entry_id = of_entry and e.state = 'entered' and b.item_id = of_item
        and not exists (
          select from competitions_board n where n.item_id = of_item and n.number > b.number
        )
    ) then
      raise exception '据以申领的竞赛名次已变动或有异议待处理，不能发放资助' using errcode = 'JX023',
        constraint = 'place_not_standing';
    end if;
  end if;
"""
STAND = BEGIN.replace("{place}", PLACE).replace("{kept}", "new.place_id, ").replace("{kept_old}", "old.place_id, ")  # fmt: skip
BEFORE = BEGIN.replace("{place}", "").replace("{kept}", "").replace("{kept_old}", "")


class Migration(migrations.Migration):
    dependencies = [
        ("competitions", "0036_later_facts_of_entrants_are_checked"),
        ("subsidies", "0042_money_is_of_an_approval"),
    ]

    operations = [migrations.RunSQL(STAND, BEFORE)]
