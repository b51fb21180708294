"""Titles are given and taken on record; one named here is never deleted, only revoked."""

from django.db import migrations

from workflow.records.guards import state_guards

HONOURS, FREE_HONOURS = state_guards("talents.honour", "honour", first="valid")

KEEP = """
create function talents_keep_honour() returns trigger language plpgsql as $$
begin
  raise exception '命名的称号不能删除，只能按程序撤销' using errcode = 'JX003', constraint = tg_name;
end $$;
create trigger honour_named_here_is_kept before delete on talents_honour
  for each row when (old.batch_id is null) execute function talents_keep_honour();
"""
FREE = """
drop trigger honour_named_here_is_kept on talents_honour;
drop function talents_keep_honour();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("talents", "0003_honours_are_registered"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [migrations.RunSQL(HONOURS + KEEP, FREE + FREE_HONOURS)]
