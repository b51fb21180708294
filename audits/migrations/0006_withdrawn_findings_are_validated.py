"""Validate what the step before added without looking at the rows."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audits", "0005_findings_are_withdrawn")]

    operations = [
        ValidateConstraint(model_name="finding", name="finding_issued_demands_rectification"),
        ValidateConstraint(model_name="finding", name="finding_is_withdrawn_by_two"),
    ]
