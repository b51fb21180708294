"""Validate what the step before added without looking at the rows."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("academies", "0030_demands_are_dropped")]

    operations = [
        ValidateConstraint(
            model_name="rectification", name="rectification_proved_says_how_and_by_whom"
        ),
        ValidateConstraint(model_name="rectification", name="rectification_closed_was_checked"),
    ]
