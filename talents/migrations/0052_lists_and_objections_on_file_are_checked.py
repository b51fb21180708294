"""What is on file is checked, too; nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talents", "0051_bodies_put_up_whom_they_recommend")]

    operations = [
        ValidateConstraint("endorsement", "endorsement_late_was_given"),
        ValidateConstraint("objection", "objection_entered_by_staff_says_when_it_came"),
        ValidateConstraint("publicnotice", "public_notice_of_a_level_names_nobody"),
    ]
