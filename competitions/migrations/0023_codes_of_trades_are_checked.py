"""What was added without looking at old rows is looked at."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("competitions", "0022_trades_go_by_their_code")]

    operations = [ValidateConstraint("item", "item_occupation_code_is_of_the_national_list")]
