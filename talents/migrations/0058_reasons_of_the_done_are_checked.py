"""Pairs on file are checked for it, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0057_ends_before_their_time_say_why")]

    operations = [
        ValidateConstraint("mentorship", "mentorship_early_reason_is_of_who_is_done"),
    ]
