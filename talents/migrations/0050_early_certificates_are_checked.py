"""Cultivations on file are checked, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0049_early_certificates_say_why")]

    operations = [
        ValidateConstraint("cultivation", "cultivation_passed_early_for_a_reason"),
        ValidateConstraint("cultivation", "cultivation_is_passed_by_another"),
    ]
