"""What was added without looking at old rows is looked at."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("competitions", "0018_numbers_and_stages_are_sound")]

    operations = [ValidateConstraint("entry", "entry_number_can_stand_in_an_address")]
