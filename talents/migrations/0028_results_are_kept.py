"""What was entered here is withdrawn, never deleted; entries on file are checked as new ones are."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

KEEP = """
create function talents_keep_action_entry() returns trigger language plpgsql as $$
begin
  raise exception '登记的成果和行动不能删除，登记有误的撤下' using errcode = 'JX003',
    constraint = tg_name;
end $$;
create trigger action_entry_entered_here_is_kept before delete on talents_actionentry
  for each row when (old.batch_id is null) execute function talents_keep_action_entry();
"""
FREE = """
drop trigger action_entry_entered_here_is_kept on talents_actionentry;
drop function talents_keep_action_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("talents", "0027_results_have_evidence")]

    operations = [
        migrations.RunSQL(KEEP, FREE),
        ValidateConstraint("actionentry", "action_entry_fits_its_kind"),
        ValidateConstraint("actionentry", "action_entry_imported_names_its_line"),
    ]
