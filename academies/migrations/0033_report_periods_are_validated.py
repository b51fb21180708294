"""Validate what the step before added without looking at the rows."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("academies", "0032_report_periods_lie_in_their_year")]

    operations = [ValidateConstraint("trainingreport", "training_report_period_is_in_its_year")]
