"""The ledger keeps itself: what an entry may move, its chain, both balances, and that nothing changes.

All of it holds for the tables' owner too. An entry is refused or booked in its BEFORE trigger, in this
order of locks: the academy (shared, so that a suspension waits or is waited for), the head of the
chain, the two accounts by number. One chain for each academy and each fund, so that academies do not
wait for one another. Refusals carry the code that people and commands read as their constraint.
"""

from django.db import migrations

from subsidies.rules.chain import entry_sql
from workflow.records.canonical import netstrings_sql
from workflow.records.guards import state_guards

#: Which accounts each kind of entry moves money between.
FLOWS = """
create function subsidies_flow(kind text) returns text language sql immutable parallel safe as $$
  select case kind
    when 'appropriate' then 'source>budget'
    when 'opening' then 'budget>held'  -- or from the source, while there is no budget
    when 'reserve' then 'budget>reserved' when 'release' then 'reserved>budget'
    when 'pay' then 'reserved>held' when 'receive' then 'source>held'
    when 'spend' then 'held>spent' when 'return' then 'held>returned'
    when 'carry' then 'held>held' when 'disburse' then 'reserved>paid' end
$$;
"""

OBEY = """
create function subsidies_check_entry(e subsidies_entry, giver subsidies_account, taker subsidies_account)
returns void language plpgsql set search_path = public, pg_temp as $$
declare
  told subsidies_entry;
  bar text;
begin
  if giver.id is null or taker.id is null then
    raise exception '账户不存在' using errcode = 'JX011', constraint = 'unknown_account';
  end if;
  if e.kind = 'red' then
    select * into told from subsidies_entry where id = e.reverses_id;
    if told.kind = 'red' or (told.giver_id, told.taker_id, told.amount)
        is distinct from (e.taker_id, e.giver_id, e.amount) then
      raise exception '红字凭证须与被冲销的凭证金额相同、方向相反，红字凭证本身不能再冲销'
        using errcode = 'JX012', constraint = 'red_entry_mirrors';
    end if;
    if told.kind not in ('spend', 'receive') and e.approved_by_id is null then
      raise exception '冲销拨款等业务须由另一人复核' using errcode = 'JX012',
        constraint = 'red_entry_takes_two';
    end if;
  elsif giver.kind || '>' || taker.kind is distinct from (case
      when e.kind = 'opening' and giver.kind = 'source' then 'source>held'
      else subsidies_flow(e.kind) end) then
    raise exception '该项业务不能在这两个账户之间记账' using errcode = 'JX011',
      constraint = 'wrong_accounts';
  end if;
  if giver.line <> taker.line or giver.academy_id <> taker.academy_id
      or (giver.fund_id <> taker.fund_id) <> (e.kind = 'carry' or coalesce(told.kind, '') = 'carry')
      or giver.id = taker.id then
    raise exception '专款专用：不同资金、科目、学院之间不能串户' using errcode = 'JX011',
      constraint = 'earmarked_money_mixed';
  end if;
  if e.kind = 'opening' and giver.kind = 'source' then
    perform from subsidies_fund where id = giver.fund_id and state = 'open' for share;
    if not found then
      raise exception '该项资金的预算已经编报，补录拨款须从预算列支' using errcode = 'JX014',
        constraint = 'exceeds_budget';
    end if;
  end if;
  if e.kind = 'carry' and not exists (
    select from subsidies_fund a join subsidies_fund b using (organization_id, source)
    where a.id = giver.fund_id and b.id = taker.fund_id and b.year = a.year + 1
  ) then
    raise exception '结余只能结转到同一资金的下一年度' using errcode = 'JX011',
      constraint = 'carried_elsewhere';
  end if;
  if e.kind in ('opening', 'reserve', 'pay') and e.academy_id is not null then
    bar := academies_payment_bar(e.academy_id);
    if bar is not null then
      raise exception '%', case bar
        when 'subsidy-ended' then '该学院连续两次审核评价不合格，不再拨付补助资金'
        else '该学院整改尚未完成，暂停拨付补助资金，整改销号后恢复' end
        using errcode = 'JX013', constraint = replace(bar, '-', '_');
    end if;
  end if;
  if giver.kind <> 'source' and giver.balance < e.amount then
    raise exception '%余额%元，不足%元', case giver.kind when 'budget' then '预算'
        when 'reserved' then '已批待拨' when 'held' then '专账' else '账户' end,
        to_char(giver.balance, 'FM999,999,999,999,990.00'), to_char(e.amount, 'FM999,999,999,999,990.00')
      using errcode = 'JX014', constraint = case giver.kind when 'budget' then 'exceeds_budget'
        when 'reserved' then 'exceeds_approval' else 'insufficient_balance' end;
  end if;
end $$;
"""

APPEND = f"""
create function subsidies_entry_append() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  head record;
  giver subsidies_account;
  taker subsidies_account;
begin
  select * into giver from subsidies_account where id = new.giver_id;
  select * into taker from subsidies_account where id = new.taker_id;
  new.academy_id := coalesce(giver.academy_id, taker.academy_id);
  if new.academy_id is null then
    new.chain := 'ledger:fund:' || giver.fund_id;
  else
    new.chain := 'ledger:academy:' || new.academy_id;
    perform from academies_academy where id = new.academy_id for share;
  end if;
  select sequence, hash into head from workflow_chainhead where chain = new.chain for update;
  if not found then
    insert into workflow_chainhead (chain, sequence, hash) values (new.chain, 0, ''::bytea)
      on conflict do nothing;
    select sequence, hash into head from workflow_chainhead where chain = new.chain for update;
  end if;
  if giver.id < taker.id then
    select * into giver from subsidies_account where id = new.giver_id for no key update;
    select * into taker from subsidies_account where id = new.taker_id for no key update;
  else
    select * into taker from subsidies_account where id = new.taker_id for no key update;
    select * into giver from subsidies_account where id = new.giver_id for no key update;
  end if;
  perform subsidies_check_entry(new, giver, taker);
  new.sequence := head.sequence + 1;
  new.at := greatest(
    clock_timestamp(), giver.moved_at + interval '1 us', taker.moved_at + interval '1 us'
  );
  new.previous_hash := head.hash;
  new.hash := sha256(convert_to({entry_sql("new")}, 'UTF8'));
  update workflow_chainhead set sequence = new.sequence, hash = new.hash where chain = new.chain;
  return new;
end $$;
create trigger entry_obeys_and_is_chained before insert on subsidies_entry
  for each row execute function subsidies_entry_append();
"""

MOVE = """
create function subsidies_entry_move() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  with moved as (
    update subsidies_account a set balance = a.balance + side.amount, moved_at = new.at
    from (values (new.giver_id, -new.amount), (new.taker_id, new.amount)) as side (id, amount)
    where a.id = side.id
    returning a.id, side.amount, a.balance
  )
  insert into subsidies_posting (entry_id, account_id, amount, balance, at)
    select new.id, moved.id, moved.amount, moved.balance, new.at from moved;
  return null;
end $$;
create trigger entry_moves_balances after insert on subsidies_entry
  for each row execute function subsidies_entry_move();

create function subsidies_entry_balances() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  sides record;
begin
  select count(*) as sides, sum(amount) as total, sum(amount) filter (where amount > 0) as moved
    into sides from subsidies_posting where entry_id = new.id;
  if sides.sides <> 2 or sides.total <> 0 or sides.moved <> new.amount then
    raise exception '凭证%借贷不平', new.id using errcode = 'JX015', constraint = tg_name;
  end if;
  return null;
end $$;
create constraint trigger entry_balances after insert on subsidies_entry
  deferrable initially deferred for each row execute function subsidies_entry_balances();
"""

KEEP = """
create function subsidies_only_by_entries() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() < 2 or tg_op = 'DELETE' then
    raise exception '余额和分录只能随记账凭证变动' using errcode = 'JX016', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger posting_comes_with_its_entry before insert on subsidies_posting
  for each row execute function subsidies_only_by_entries();
create trigger account_moves_by_entries before update or delete on subsidies_account
  for each row execute function subsidies_only_by_entries();

create function subsidies_account_opens_empty() returns trigger language plpgsql as $$
begin
  if new.balance <> 0 or new.moved_at is not null then
    raise exception '账户开立时余额为零' using errcode = 'JX016', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger account_opens_empty before insert on subsidies_account
  for each row execute function subsidies_account_opens_empty();

create function subsidies_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '账目只能追加，不能修改或删除；有误的用红字冲销' using errcode = 'JX001',
    constraint = tg_name;
end $$;
create trigger entry_is_append_only before update or delete on subsidies_entry
  for each row execute function subsidies_refuse_change();
create trigger entry_is_never_truncated before truncate on subsidies_entry
  for each statement execute function subsidies_refuse_change();
create trigger posting_is_append_only before update or delete on subsidies_posting
  for each row execute function subsidies_refuse_change();
create trigger posting_is_never_truncated before truncate on subsidies_posting
  for each statement execute function subsidies_refuse_change();
create trigger account_is_never_truncated before truncate on subsidies_account
  for each statement execute function subsidies_refuse_change();
create trigger expense_is_never_truncated before truncate on subsidies_expense
  for each statement execute function subsidies_refuse_change();
"""

EVIDENCE = f"""
create function subsidies_evidence(use text, payee text, code text, number text, voucher text,
  project text, summary text) returns text language sql stable parallel safe as $$
  select encode(sha256(convert_to(
    {netstrings_sql("use", "payee", "code", "number", "voucher", "project", "summary")}, 'UTF8')), 'hex')
$$;
"""

BOOKED = """
create function subsidies_expense_is_booked() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  booked record;
begin
  select e.kind, e.amount, e.booked_on, e.evidence, a.academy_id, a.fund_id, f.year into booked
    from subsidies_entry e join subsidies_account a on a.id = e.giver_id
    join subsidies_fund f on f.id = a.fund_id where e.id = new.entry_id;
  if (booked.kind, booked.amount, booked.booked_on, booked.academy_id, booked.fund_id, booked.evidence)
      is distinct from ('spend', new.amount, new.spent_on, new.academy_id, new.fund_id,
        subsidies_evidence(new.use, new.payee, new.invoice_code, new.invoice_number, new.voucher,
          new.project, new.summary)) then
    raise exception '支出与记账凭证不符' using errcode = 'JX017', constraint = tg_name;
  end if;
  if extract(year from new.spent_on) <> booked.year then
    raise exception '支出日期不在资金年度内' using errcode = 'JX017', constraint = 'outside_year';
  end if;
  return new;
end $$;
create trigger expense_is_what_was_booked before insert on subsidies_expense
  for each row execute function subsidies_expense_is_booked();

create function subsidies_expense_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    -- a generated column is filled in only afterwards
    if old.red_id is null and to_jsonb(new) - array['red_id', 'invoice_key']
        = to_jsonb(old) - array['red_id', 'invoice_key'] and exists (
      select from subsidies_entry where id = new.red_id and reverses_id = new.entry_id
    ) then
      return new;
    end if;
  end if;
  raise exception '支出不能修改或删除；有误的用红字冲销' using errcode = 'JX001', constraint = tg_name;
end $$;
create trigger expense_stays before update or delete on subsidies_expense
  for each row execute function subsidies_expense_stays();

create function subsidies_payment_is_booked() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.entry_id is not null and (new.entry_id, new.grant_id, new.amount)
      is distinct from (old.entry_id, old.grant_id, old.amount) or not exists (
    select from subsidies_entry e join subsidies_account a on a.id = e.taker_id
    join subsidies_grant g on g.academy_id = a.academy_id and g.fund_id = a.fund_id
    where e.id = new.entry_id and e.kind in ('pay', 'opening', 'receive') and e.amount = new.amount
      and g.id = new.grant_id
  ) then
    raise exception '拨款与记账凭证不符' using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger payment_is_what_was_booked before insert or update on subsidies_payment
  for each row when (new.entry_id is not null) execute function subsidies_payment_is_booked();
"""

POST = """
create function subsidies_account_of(fund bigint, line text, academy bigint, kind text) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
  found_id bigint;
begin
  loop
    select a.id into found_id from subsidies_account a
      where a.fund_id = $1 and a.line = $2 and a.academy_id is not distinct from $3 and a.kind = $4;
    if found then
      return found_id;
    end if;
    insert into subsidies_account (fund_id, line, academy_id, kind, balance)
      values ($1, $2, $3, $4, 0) on conflict do nothing;
  end loop;
end $$;

create function subsidies_post(
  key text, kind text, giver bigint, taker bigint, amount numeric, made_by bigint,
  approved_by bigint default null, booked_on date default current_date, note text default '',
  reverses bigint default null, reason text default '', evidence text default ''
) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
  known subsidies_entry;
  entry bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('subsidies:' || $1, 0));
  select * into known from subsidies_entry e where e.key = $1;
  if found then
    if (known.kind, known.giver_id, known.taker_id, known.amount, known.reverses_id)
        is distinct from ($2, $3, $4, $5, $10) then
      raise exception '业务编号已用于另一笔业务，未重复记账' using errcode = 'JX018',
        constraint = 'key_already_used';
    end if;
    return known.id;
  end if;
  insert into subsidies_entry (chain, sequence, kind, key, giver_id, taker_id, amount, reverses_id,
      reason, booked_on, note, evidence, made_by_id, approved_by_id, previous_hash, hash)
    values ('', 0, $2, $1, $3, $4, $5, $10, $11, $8, $9, $12, $6, $7, '', '') returning id into entry;
  return entry;
end $$;
"""

UNDO = """
drop function subsidies_post(text, text, bigint, bigint, numeric, bigint, bigint, date, text, bigint, text, text);
drop function subsidies_account_of(bigint, text, bigint, text);
drop trigger payment_is_what_was_booked on subsidies_payment;
drop function subsidies_payment_is_booked();
drop trigger expense_stays on subsidies_expense;
drop function subsidies_expense_stays();
drop trigger expense_is_what_was_booked on subsidies_expense;
drop function subsidies_expense_is_booked();
drop function subsidies_evidence(text, text, text, text, text, text, text);
drop trigger expense_is_never_truncated on subsidies_expense;
drop trigger account_is_never_truncated on subsidies_account;
drop trigger posting_is_never_truncated on subsidies_posting;
drop trigger posting_is_append_only on subsidies_posting;
drop trigger entry_is_never_truncated on subsidies_entry;
drop trigger entry_is_append_only on subsidies_entry;
drop function subsidies_refuse_change();
drop trigger account_opens_empty on subsidies_account;
drop function subsidies_account_opens_empty();
drop trigger account_moves_by_entries on subsidies_account;
drop trigger posting_comes_with_its_entry on subsidies_posting;
drop function subsidies_only_by_entries();
drop trigger entry_balances on subsidies_entry;
drop function subsidies_entry_balances();
drop trigger entry_moves_balances on subsidies_entry;
drop function subsidies_entry_move();
drop trigger entry_obeys_and_is_chained on subsidies_entry;
drop function subsidies_entry_append();
drop function subsidies_check_entry(subsidies_entry, subsidies_account, subsidies_account);
drop function subsidies_flow(text);
"""

STATES = [
    state_guards("subsidies.fund", "fund", first="open"),
    state_guards("subsidies.grant", "grant"),
    state_guards("subsidies.payment", "payment", first="planned"),
]


class Migration(migrations.Migration):
    dependencies = [("academies", "0004_evaluations_bar_payments"),
        ("subsidies", "0001_initial"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [
        migrations.RunSQL(FLOWS + OBEY + APPEND + MOVE + KEEP + EVIDENCE + BOOKED + POST, UNDO),
        *(migrations.RunSQL(guard, unguard) for guard, unguard in STATES),
    ]
