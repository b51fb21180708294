"""An account is one person's for good, and only a known person holds a business role."""

from django.db import migrations

KNOWN = """
create function organizations_owner_stays() returns trigger language plpgsql as $$
begin
  if old.owner_digest is not null and new.owner_digest is distinct from old.owner_digest then
    raise exception '账号已登记本人身份，不能改归他人；请停用此账号，另行开立'
      using errcode = 'JX002', constraint = 'user_owner_stays';
  end if;
  return new;
end $$;
create trigger user_owner_stays before update of owner_digest on organizations_user
  for each row execute function organizations_owner_stays();

create function organizations_holder_is_known() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.role not in ('system_admin', 'security_admin', 'audit_admin') and exists (
    select 1 from organizations_user where id = new.user_id and owner_digest is null
  ) then
    raise exception '该账号尚未登记本人身份，不能担任业务角色；请先由系统管理员在账号中登记其公民身份号码'
      using errcode = 'JX002', constraint = 'membership_holder_is_known';
  end if;
  return new;
end $$;
create trigger membership_holder_is_known before insert or update of user_id, role
  on organizations_membership for each row execute function organizations_holder_is_known();
"""

UNKNOWN = """
drop trigger membership_holder_is_known on organizations_membership;
drop function organizations_holder_is_known();
drop trigger user_owner_stays on organizations_user;
drop function organizations_owner_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_separated_admins")]

    operations = [migrations.RunSQL(KNOWN, UNKNOWN)]
