"""Chain records by hash and make them append-only, for the table's owner too.

The head is found once for each record and then by its place: within one transaction every link
leaves a dead head behind, which each search passes again.
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
  raise exception '留痕记录只能追加，不能修改或删除' using errcode = 'JX001';
end $$;
create trigger record_is_append_only before update or delete on workflow_record
  for each row execute function workflow_refuse_change();
create trigger record_is_never_truncated before truncate on workflow_record
  for each statement execute function workflow_refuse_change();
create trigger chain_head_is_never_truncated before truncate on workflow_chainhead
  for each statement execute function workflow_refuse_change();

do $$
declare other record;
begin
  for other in select distinct grantee, table_name from information_schema.role_table_grants
      where table_schema = 'public' and table_name in ('workflow_record', 'workflow_chainhead')
        and grantee <> current_user and grantee <> 'PUBLIC' loop
    execute format('revoke update, delete, truncate, references, trigger on %I from %I',
      other.table_name, other.grantee);
    if other.table_name = 'workflow_chainhead' then
      execute format('revoke insert on workflow_chainhead from %I', other.grantee);
    end if;
  end loop;
end $$;
"""

UNCHAIN = """
drop trigger record_append on workflow_record;
drop trigger record_is_append_only on workflow_record;
drop trigger record_is_never_truncated on workflow_record;
drop trigger chain_head_is_never_truncated on workflow_chainhead;
drop function workflow_record_append();
drop function workflow_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [migrations.RunSQL(APPEND + GUARD, UNCHAIN)]
