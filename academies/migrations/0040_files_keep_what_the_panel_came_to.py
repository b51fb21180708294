"""A file keeps the panel's mean and the lines it was held against, by which its grade was proposed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GRADES = [("excellent", "优秀"), ("qualified", "合格"), ("failed", "不合格")]


def _score(label):
    return models.DecimalField(
        decimal_places=1, editable=False, max_digits=4, null=True, verbose_name=label
    )


class Migration(migrations.Migration):
    dependencies = [
        ("academies", "0035_grades_change_by_two"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("review", "panel_mean", _score("专家评分平均")),
        migrations.AddField("review", "panel_passing", _score("合格分")),
        migrations.AddField("review", "panel_excelling", _score("优秀分")),
        migrations.AlterField(
            "review",
            "lifted_to",
            models.CharField(
                blank=True, choices=GRADES, db_default="", default="", editable=False,
                max_length=10, verbose_name="高于建议的拟评等次",
            ),
        ),
        migrations.AlterField(
            "review",
            "lifted_by",
            models.ForeignKey(
                blank=True, db_index=False, editable=False, null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL, verbose_name="高于建议等次的提出人",
            ),
        ),
    ]  # fmt: skip
