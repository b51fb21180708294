"""What was added without looking at old rows is looked at."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("competitions", "0037_kinds_of_contests_are_changed_by_two")]

    operations = [ValidateConstraint("competition", "competition_kind_is_asked_for_a_reason")]
