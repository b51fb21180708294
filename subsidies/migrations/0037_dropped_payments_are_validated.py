"""Validate what the step before added without looking at the rows."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0036_payments_are_dropped")]

    operations = [
        ValidateConstraint(model_name="payment", name="payment_state_is_known"),
        ValidateConstraint(model_name="payment", name="payment_made_names_its_entry"),
    ]
