"""What is told of an entrant once marks were closed, and the proof that goes with it."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("competitions", "0025_entrants_taken_out_by_two_are_checked")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="since_told_late",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="起始日期系锁定后填报"),
        ),
        migrations.AddField(
            model_name="entry",
            name="level_told_late",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="等级系锁定后填报"),
        ),
        AddConstraintNotValid(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("level_told_late", False), ("since_told_late", False)) | models.Q(("proof", ""), _negated=True),
                name="entry_told_late_shows_a_proof",
                violation_error_message="成绩锁定后补填、更正起始日期或等级的，须写明所交证明",
            ),
        ),
    ]
