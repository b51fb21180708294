"""Unit notices, replies of offices and opinions of levels move on record."""

from django.db import migrations

from workflow.records.guards import state_guards

NOTICES, FREE_NOTICES = state_guards("talents.unitnotice", "unit_notice", first="up")
REPLIES, FREE_REPLIES = state_guards("talents.clearance", "clearance", first="asked")
OPINIONS, FREE_OPINIONS = state_guards("talents.endorsement", "endorsement", first="asked")


class Migration(migrations.Migration):
    dependencies = [
        ("talents", "0015_nominations_are_endorsed"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [
        migrations.RunSQL(
            NOTICES + REPLIES + OPINIONS, FREE_OPINIONS + FREE_REPLIES + FREE_NOTICES
        )
    ]
