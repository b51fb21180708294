"""The period of a training report lies in its year, so that each class of a year is in one report of it."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("academies", "0031_dropped_demands_are_validated")]

    operations = [
        AddConstraintNotValid(
            model_name="trainingreport",
            constraint=models.CheckConstraint(
                condition=Q(first_on__year=F("year"), last_on__year=F("year")),
                name="training_report_period_is_in_its_year",
            ),
        ),
    ]
