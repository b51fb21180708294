"""The head of a chain moves only with a record that stays.

The head moves in a BEFORE trigger, so that the records of one statement follow one another. A row that
is left out after that (``insert … on conflict do nothing``) would leave a head without its record, and
the next one would follow on nothing. So at the end of the transaction each place to which a head was
moved has to have its record. Chains of the ledger are looked up among its entries (subsidies 0026).
"""

from django.db import migrations

from workflow.records.guards import head_guard

STANDS, FALLS = head_guard("workflow_record", "chain_head_has_its_record", "not like")


class Migration(migrations.Migration):
    dependencies = [("workflow", "0004_attachments_are_electronic_invoices")]

    operations = [migrations.RunSQL(STANDS, FALLS)]
