"""Another level or class of a contest with results: what is asked, by whom and why."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("competitions", "0036_later_facts_of_entrants_are_checked")]

    operations = [
        migrations.AddField(
            model_name="competition",
            name="asked_level",
            field=models.CharField(
                blank=True,
                choices=[
                    ("enterprise", "企业级"), ("district", "区级"), ("industry", "行业级"),
                    ("city", "市级"), ("national", "国家级"), ("international", "国际"),
                ],
                db_default="", editable=False, max_length=20, verbose_name="拟更正的级别",
            ),
        ),
        migrations.AddField(
            model_name="competition",
            name="asked_class",
            field=models.CharField(
                blank=True, choices=[("first", "一类"), ("second", "二类")],
                db_default="", editable=False, max_length=10, verbose_name="拟更正的类别",
            ),
        ),
        migrations.AddField(
            model_name="competition",
            name="kind_asked_by",
            field=models.ForeignKey(
                blank=True, db_index=False, editable=False, null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL, verbose_name="更正级别类别提出人",
            ),
        ),
        migrations.AddField(
            model_name="competition",
            name="kind_asked_for",
            field=models.CharField(
                blank=True, db_default="", editable=False, max_length=200,
                verbose_name="更正级别类别事由",
            ),
        ),
        AddConstraintNotValid(
            model_name="competition",
            constraint=models.CheckConstraint(
                condition=Q(asked_class="", asked_level="", kind_asked_by__isnull=True, kind_asked_for="")
                | Q(~Q(asked_level=""), ~Q(kind_asked_for=""), kind_asked_by__isnull=False),
                name="competition_kind_is_asked_for_a_reason",
                violation_error_message="更正级别、类别须写明事由，由另一人同意",
            ),
        ),
    ]  # fmt: skip
