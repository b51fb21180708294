"""A training report moves on record, and an accepted one changes only by being opened again."""

from django.db import migrations

from workflow.records.guards import state_guards

STAYS = """
create function academies_training_report_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  raise exception '已接收的报送不能修改；确需更正的，由主管工会写明事由重新开放'
    using errcode = 'JX022', constraint = tg_name;
end $$;
create trigger training_report_accepted_stays before update on academies_trainingreport
  for each row when (old.state = 'accepted' and new.state = 'accepted')
  execute function academies_training_report_stays();
"""
FREE = """
drop trigger training_report_accepted_stays on academies_trainingreport;
drop function academies_training_report_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0007_training_reports"), ("workflow", "0002_record_chain")]

    operations = [
        migrations.RunSQL(*state_guards("academies.trainingreport", "training_report")),
        migrations.RunSQL(STAYS, FREE),
    ]
