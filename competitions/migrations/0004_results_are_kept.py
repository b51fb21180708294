"""Appeals and proposals move on the record."""

from django.db import migrations

from workflow.records.guards import state_guards


class Migration(migrations.Migration):
    dependencies = [("competitions", "0003_judges_boards_and_promotions")]

    operations = [
        migrations.RunSQL(*state_guards("competitions.appeal", "appeal", first="filed")),
        migrations.RunSQL(*state_guards("competitions.promotion", "promotion", first="proposed")),
    ]
