"""A list that was put up is frozen; it, and what is objected to, move on record."""

from django.db import migrations

from workflow.records.guards import state_guards

NOTICES, FREE_NOTICES = state_guards("talents.publicnotice", "public_notice")
OBJECTIONS, FREE_OBJECTIONS = state_guards("talents.objection", "objection", first="received")

FREEZE = """
create function talents_freeze_entry() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select 1 from talents_publicnotice
             where id = coalesce(new.notice_id, old.notice_id) and state <> 'draft') then
    raise exception '名单已经公示，不能再改；须更正的，拟定新版另行公示' using errcode = 'JX003',
      constraint = tg_name;
  end if;
  return coalesce(new, old);
end $$;
create trigger entry_is_frozen before insert or update or delete on talents_noticeentry
  for each row execute function talents_freeze_entry();
"""
THAW = """
drop trigger entry_is_frozen on talents_noticeentry;
drop function talents_freeze_entry();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("talents", "0008_lists_are_put_up"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [
        migrations.RunSQL(
            NOTICES + OBJECTIONS + FREEZE, THAW + FREE_OBJECTIONS + FREE_NOTICES
        )
    ]
