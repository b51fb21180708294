"""The categories of nominations on file are checked, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0021_actions_are_entered")]

    operations = [ValidateConstraint("nomination", "nomination_category_is_known")]
