"""Validate what the step before added without looking at the rows."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0040_settlements_say_what_audits_had_back")]

    operations = [
        ValidateConstraint(model_name="settlement", name="settlement_received_is_spent_and_left")
    ]
