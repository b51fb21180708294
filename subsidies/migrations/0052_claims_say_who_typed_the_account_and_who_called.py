"""A claim says who typed its account and, where others have the same one, who asked the person about it."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


def _by(label):
    return models.ForeignKey(
        blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT,
        related_name="+", to=settings.AUTH_USER_MODEL, verbose_name=label,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0048_what_an_audit_disallowed_stays_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("claim", "account_by", _by("账号填报人")),
        migrations.AddField("claim", "called_by", _by("回访人")),
        migrations.AddField(
            "claim",
            "called_to",
            models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="接听人及电话"
            ),
        ),
        migrations.AddField(
            "claim",
            "called_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="回访时间"),
        ),
        AddConstraintNotValid(
            "claim",
            models.CheckConstraint(
                condition=Q(called_by__isnull=True, called_to="")
                | Q(called_by__isnull=False, called_at__isnull=False)
                & ~Q(called_to="")
                & ~Q(called_by=F("account_by"))
                & ~Q(called_by=F("filed_by")),
                name="claim_is_called_back_by_another",
                violation_error_message="回访须写明接听人和电话，由提出人、账号填报人以外的财务人员办理",
            ),
        ),
    ]
