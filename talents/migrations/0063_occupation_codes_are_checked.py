"""Nominations on file are checked for their code, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0062_nominations_tell_the_occupation_code")]

    operations = [
        ValidateConstraint("nomination", "nomination_occupation_code_is_of_the_list"),
    ]
