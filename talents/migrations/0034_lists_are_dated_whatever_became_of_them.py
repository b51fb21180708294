"""The lists on file are checked, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0033_lists_may_be_dropped")]

    operations = [ValidateConstraint("publicnotice", "public_notice_posted_is_dated_and_sealed")]
