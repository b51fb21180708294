"""Nobody holds two of the three administrator roles, nor one of them beside a business role."""

from django.db import migrations

SEPARATE = """
create function organizations_separate_admins() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  admins constant text[] := array['system_admin', 'security_admin', 'audit_admin'];
begin
  perform 1 from organizations_user where id = new.user_id for update;
  if exists (
    select 1 from organizations_membership m
    where m.user_id = new.user_id and m.id is distinct from new.id
      and daterange(m.valid_from, m.valid_until) && daterange(new.valid_from, new.valid_until)
      and (m.role = any(admins) or new.role = any(admins))
      and m.role <> new.role
  ) then
    raise exception '系统、安全、审计管理员须由不同的人担任，且不得兼任业务角色'
      using errcode = 'JX002', constraint = 'membership_admins_are_separate';
  end if;
  return new;
end $$;
create trigger membership_admins_are_separate before insert or update on organizations_membership
  for each row execute function organizations_separate_admins();
"""

JOIN = """
drop trigger membership_admins_are_separate on organizations_membership;
drop function organizations_separate_admins();
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [migrations.RunSQL(SEPARATE, JOIN)]
