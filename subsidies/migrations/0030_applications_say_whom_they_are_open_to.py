"""An application says whom its training is open to, which the policy asks about; older ones do not."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0029_closed_funds_take_nothing")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="audience",
            field=models.CharField(
                blank=True,
                choices=[("city", "全市职工"), ("trade", "本行业（系统）职工"), ("unit", "本单位职工")],
                db_default="",
                default="",
                max_length=10,
                verbose_name="培训对象",
            ),
        ),
        AddConstraintNotValid(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["", "city", "trade", "unit"])),
                name="grant_audience_is_known",
            ),
        ),
    ]
