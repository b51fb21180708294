"""Replies on file are checked for it, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0055_offices_object_later")]

    operations = [
        ValidateConstraint("clearance", "clearance_objected_later_for_a_reason"),
    ]
