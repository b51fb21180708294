"""Titles on file are checked, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0038_certificates_are_recalled")]

    operations = [
        ValidateConstraint("honour", "honour_recalled_after_it_was_revoked"),
        ValidateConstraint("honour", "honour_lost_certificate_says_why"),
    ]
