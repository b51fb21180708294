"""What an expert declared is neither changed nor added to."""

from django.db import migrations

KEEP = """
create function talents_keep_declaration() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if old.status <> 'asked' then
    raise exception '回避申报已经办结，不能再改' using errcode = 'JX003', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger declaration_is_given_once before update on talents_declaration
  for each row execute function talents_keep_declaration();

create function talents_keep_ties() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from talents_declaration where id = new.declaration_id and status <> 'asked') then
    raise exception '回避申报已经办结，不能再补' using errcode = 'JX003', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger declared_tie_comes_with_its_declaration before insert on talents_declaredtie
  for each row execute function talents_keep_ties();
"""
LEAVE = """
drop trigger declared_tie_comes_with_its_declaration on talents_declaredtie;
drop function talents_keep_ties();
drop trigger declaration_is_given_once on talents_declaration;
drop function talents_keep_declaration();
"""


class Migration(migrations.Migration):
    dependencies = [("talents", "0043_experts_declare")]

    operations = [migrations.RunSQL(KEEP, LEAVE)]
