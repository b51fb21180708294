"""The head of a chain of the ledger moves only with an entry that stays (see workflow 0005)."""

from django.db import migrations

from workflow.records.guards import head_guard

STANDS, FALLS = head_guard("subsidies_entry", "chain_head_has_its_entry", "like")


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0025_accounts_are_told_apart"),
        ("workflow", "0005_heads_stand_on_records"),
    ]

    operations = [migrations.RunSQL(STANDS, FALLS)]
