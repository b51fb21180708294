"""Cultivations and reports on file are checked, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0025_cultivation_is_extended")]

    operations = [
        ValidateConstraint("cultivation", "cultivation_extended_to_a_later_day"),
        ValidateConstraint("cultivationreport", "cultivation_report_found_at_midterm"),
    ]
