"""Studios and the years their projects are boosted move on record."""

from django.db import migrations

from workflow.records.guards import state_guards

STUDIOS, FREE_STUDIOS = state_guards("talents.studio", "studio")
YEARS, FREE_YEARS = state_guards("talents.boostyear", "boost_year", first="filed")


class Migration(migrations.Migration):
    dependencies = [
        ("talents", "0017_studios_are_kept"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [migrations.RunSQL(STUDIOS + YEARS, FREE_YEARS + FREE_STUDIOS)]
