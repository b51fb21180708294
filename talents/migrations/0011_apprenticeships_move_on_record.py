"""Agreements between masters and apprentices move on record."""

from django.db import migrations

from workflow.records.guards import state_guards

PAIRS, FREE_PAIRS = state_guards("talents.mentorship", "mentorship")


class Migration(migrations.Migration):
    dependencies = [
        ("talents", "0010_masters_take_apprentices"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [migrations.RunSQL(PAIRS, FREE_PAIRS)]
