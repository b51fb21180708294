from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organizations", "0006_standing_in")]

    operations = [
        ValidateConstraint(model_name="membership", name="delegation_is_dated_and_reasoned")
    ]
