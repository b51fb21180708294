"""Cultivation and the reports of it move on record."""

from django.db import migrations

from workflow.records.guards import state_guards

YEARS, FREE_YEARS = state_guards("talents.cultivation", "cultivation", first="going")
REPORTS, FREE_REPORTS = state_guards("talents.cultivationreport", "cultivation_report", first="due")


class Migration(migrations.Migration):
    dependencies = [
        ("talents", "0012_people_are_cultivated"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [migrations.RunSQL(YEARS + REPORTS, FREE_REPORTS + FREE_YEARS)]
