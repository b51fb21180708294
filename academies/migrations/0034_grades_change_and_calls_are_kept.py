"""A grade is changed by two, a sample not met is said on the file, and what a call first told is kept."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

GRADES = [("excellent", "优秀"), ("qualified", "合格"), ("failed", "不合格")]


class Migration(migrations.Migration):
    dependencies = [
        ("academies", "0033_report_periods_are_validated"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "phonecheck",
            "earlier",
            models.JSONField(
                blank=True, db_default=[], default=list, editable=False, verbose_name="此前登记"
            ),
        ),
        migrations.AddField(
            "review",
            "calls_short",
            models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=200,
                verbose_name="电话抽查未达比例",
            ),
        ),
        migrations.AddField(
            "review",
            "regrade_to",
            models.CharField(
                blank=True, choices=GRADES, db_default="", default="", editable=False,
                max_length=10, verbose_name="异议拟改等次",
            ),
        ),
        migrations.AddField(
            "review",
            "regrade_by",
            models.ForeignKey(
                blank=True, db_index=False, editable=False, null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL, verbose_name="改变等次的提出人",
            ),
        ),
        migrations.AddField(
            "review",
            "regrade_reason",
            models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=500,
                verbose_name="改变等次的理由",
            ),
        ),
        AddConstraintNotValid(
            "review",
            models.CheckConstraint(
                condition=Q(regrade_to="")
                | Q(regrade_to__in=["excellent", "qualified"], regrade_by__isnull=False)
                & ~Q(regrade_reason="")
                & ~Q(objection=""),
                name="review_regrading_says_by_whom_and_why",
                violation_error_message="因异议改变等次的，须写明提出人和理由",
            ),
        ),
        AddConstraintNotValid(
            "review",
            models.CheckConstraint(
                condition=Q(regrade_to="")
                | ~Q(answered_by=F("regrade_by")) & ~Q(graded_by=F("regrade_by")),
                name="review_regrading_is_agreed_to_by_another",
                violation_error_message="因异议改变等次，须由提出人以外的另一人复核",
            ),
        ),
    ]  # fmt: skip
