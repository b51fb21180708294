"""The row that a head was moved to is found by its place alone, and its hash compared afterwards.

By place it is one row of a unique index, whatever the values are, so the server plans the statement once
a session. With the hash among the conditions it planned anew for every head that was moved.
"""

from django.db import migrations

from workflow.records.guards import head_found_by_place, head_guard_body

TABLE, NAME = "workflow_record", "chain_head_has_its_record"


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_heads_stand_on_records")]

    operations = [
        migrations.RunSQL(head_found_by_place(TABLE, NAME), head_guard_body(TABLE, NAME)),
    ]
