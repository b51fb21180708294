"""Meetings of panels move on record; their papers are frozen once handed in, and voters are counted."""

from django.db import migrations

from workflow.records.guards import state_guards

MEETINGS, FREE_MEETINGS = state_guards("talents.panel", "panel")

FREEZE = """
create function talents_freeze_panel() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  meeting bigint;
begin
  if tg_table_name = 'talents_panelrecusal' then
    meeting := (select panel_id from talents_paneldecision
                where id = coalesce(new.decision_id, old.decision_id));
  else
    meeting := coalesce(new.panel_id, old.panel_id);
  end if;
  if exists (select from talents_panel where id = meeting and state <> 'draft') then
    raise exception '表决结果已经报送确认，不能再改；须更正的，写明事由另行录入' using errcode = 'JX003',
      constraint = tg_name;
  end if;
  return coalesce(new, old);
end $$;
create trigger panel_member_is_frozen before insert or update or delete on talents_panelmember
  for each row execute function talents_freeze_panel();
create trigger panel_decision_is_frozen before insert or update or delete on talents_paneldecision
  for each row execute function talents_freeze_panel();
create trigger panel_recusal_is_frozen before insert or update or delete on talents_panelrecusal
  for each row execute function talents_freeze_panel();

create function talents_count_voters() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if new.voters <> (
    select count(*) from talents_panelmember m where m.panel_id = new.panel_id and m.is_present
      and not exists (select from talents_panelrecusal r
                      where r.member_id = m.id and r.decision_id = new.id)
  ) then
    raise exception '应投票数应是到会且未回避的委员人数' using errcode = 'JX003', constraint = tg_name;
  end if;
  return null;
end $$;
create trigger panel_decision_counts_its_voters after insert or update on talents_paneldecision
  for each row execute function talents_count_voters();
"""
THAW = """
drop trigger panel_decision_counts_its_voters on talents_paneldecision;
drop function talents_count_voters();
drop trigger panel_recusal_is_frozen on talents_panelrecusal;
drop trigger panel_decision_is_frozen on talents_paneldecision;
drop trigger panel_member_is_frozen on talents_panelmember;
drop function talents_freeze_panel();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("talents", "0041_panels_meet"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [migrations.RunSQL(MEETINGS + FREEZE, THAW + FREE_MEETINGS)]
