"""Replies on file are checked, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0047_objections_of_offices_are_put_right")]

    operations = [
        ValidateConstraint("clearance", "clearance_put_right_by_another_for_a_reason"),
    ]
