"""A file may come in late by exception, and pass over a hard line as one proposed and another agreed."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

NOBODY = models.Q(lifted_to="")
SOMEBODY = models.Q(lifted_to__in=["excellent", "qualified"], lifted_by__isnull=False)


class Migration(migrations.Migration):
    dependencies = [
        ("academies", "0026_calls_are_drawn_for_a_filing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="extended_until",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="准予自评至"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="突破硬性标准的提出人",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="lifted_to",
            field=models.CharField(
                blank=True,
                choices=[("excellent", "优秀"), ("qualified", "合格"), ("failed", "不合格")],
                db_default="",
                default="",
                editable=False,
                max_length=10,
                verbose_name="突破硬性标准拟评",
            ),
        ),
        AddConstraintNotValid(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=NOBODY | SOMEBODY, name="review_lifting_says_by_whom"
            ),
        ),
        AddConstraintNotValid(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=~models.Q(graded_by=models.F("lifted_by"))
                & ~models.Q(answered_by=models.F("lifted_by")),
                name="review_lifting_is_agreed_to_by_another",
                violation_error_message="突破硬性标准的等次须由提出人以外的人复核",
            ),
        ),
    ]
