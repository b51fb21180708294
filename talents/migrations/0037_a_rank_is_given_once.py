"""The index becomes a constraint, checked after each statement, so that two may swap in one transaction."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("talents", "0036_ranks_are_not_given_twice")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "alter table talents_nomination add constraint nomination_ranked_once_by_its_unit"
                    " unique using index nomination_ranked_once_by_its_unit deferrable initially immediate",
                    "alter table talents_nomination drop constraint nomination_ranked_once_by_its_unit",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="nomination",
                    constraint=models.UniqueConstraint(
                        deferrable=models.Deferrable.IMMEDIATE,
                        fields=("round", "unit", "rank"),
                        name="nomination_ranked_once_by_its_unit",
                        violation_error_message="该单位在本轮次已把这一位次排给另一名人选，请另填位次或对调排序",
                    ),
                )
            ],
        )
    ]
