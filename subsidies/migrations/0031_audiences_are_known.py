"""Every application on file keeps to the audiences there are."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0030_applications_say_whom_they_are_open_to")]

    operations = [ValidateConstraint(model_name="grant", name="grant_audience_is_known")]
