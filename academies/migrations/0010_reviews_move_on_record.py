"""A file of the yearly evaluation moves only with the record of its move."""

from django.db import migrations

from workflow.records.guards import state_guards


class Migration(migrations.Migration):
    dependencies = [("academies", "0009_reviews"), ("workflow", "0002_record_chain")]

    operations = [migrations.RunSQL(*state_guards("academies.review", "review"))]
