"""Chain records by hash, make them append-only, and let a state move only on the record.

All of it holds for the tables' owner too. The head is found once for each record and then by its
place: within one transaction every link leaves a dead head behind, which each search passes again.

A state moves when the newest transition on record about the row tells of this very move and was
written in this transaction; so it is always the target of that record. Other apps hang the
function on their tables by ``workflow/records/guards.py``.
"""

from django.db import migrations

from workflow.records.canonical import record_sql

APPEND = """
create function workflow_record_append() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare head record;
begin
  select sequence, hash, ctid into head from workflow_chainhead where chain = new.chain for update;
  if not found then
    insert into workflow_chainhead (chain, sequence, hash) values (new.chain, 0, ''::bytea)
      on conflict do nothing;
    select sequence, hash, ctid into head from workflow_chainhead where chain = new.chain
      for update;
  end if;
  new.sequence := head.sequence + 1;
  new.at := clock_timestamp();
  new.previous_hash := head.hash;
  new.hash := sha256(convert_to({text}, 'UTF8'));
  update workflow_chainhead set sequence = new.sequence, hash = new.hash where ctid = head.ctid;
  return new;
end $$;
create trigger record_append before insert on workflow_record
  for each row execute function workflow_record_append();
""".format(text=record_sql("new"))

GUARD = """
create function workflow_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '留痕记录只能追加，不能修改或删除' using errcode = 'JX001',
    constraint = tg_name;
end $$;
create trigger record_is_append_only before update or delete on workflow_record
  for each row execute function workflow_refuse_change();
create trigger record_is_never_truncated before truncate on workflow_record
  for each statement execute function workflow_refuse_change();
create trigger chain_head_is_never_truncated before truncate on workflow_chainhead
  for each statement execute function workflow_refuse_change();
"""

MOVE = """
create function workflow_state_moves_on_record() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare told record;
begin
  if tg_op = 'INSERT' then
    raise exception '新登记的只能从初始状态开始' using errcode = 'JX006', constraint = tg_name;
  end if;
  select source, target, at into told from workflow_record
    where subject = tg_argv[0] || ':' || new.id and kind = 'transition' order by id desc limit 1;
  if told.source is distinct from old.state or told.target is distinct from new.state
      or told.at < transaction_timestamp() then
    raise exception '状态只能随留痕记录一同变更' using errcode = 'JX006', constraint = tg_name;
  end if;
  return null;
end $$;
"""

UNCHAIN = """
drop trigger record_append on workflow_record;
drop trigger record_is_append_only on workflow_record;
drop trigger record_is_never_truncated on workflow_record;
drop trigger chain_head_is_never_truncated on workflow_chainhead;
drop function workflow_record_append();
drop function workflow_refuse_change();
drop function workflow_state_moves_on_record();
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [migrations.RunSQL(APPEND + GUARD + MOVE, UNCHAIN)]
