"""What was added without looking at old rows is looked at."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("competitions", "0035_later_facts_of_entrants_show_a_proof")]

    operations = [ValidateConstraint("entry", "entry_told_late_shows_a_proof")]
