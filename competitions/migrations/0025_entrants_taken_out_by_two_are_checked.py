"""What was added without looking at old rows is looked at."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("competitions", "0024_entrants_are_admitted_and_taken_out_by_two")]

    operations = [
        ValidateConstraint("entry", "entry_is_admitted_by_somebody_for_a_reason"),
        ValidateConstraint("entry", "entry_result_is_taken_away_by_two"),
        ValidateConstraint("item", "item_reopening_is_asked_of_locked_marks"),
    ]
