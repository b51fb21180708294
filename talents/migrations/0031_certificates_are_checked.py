"""That only who passed is certified is checked of those on file, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0030_cultivation_is_certified")]

    operations = [ValidateConstraint("cultivation", "cultivation_certified_only_passed")]
