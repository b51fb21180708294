"""What an audit had given back before the year was settled is a sum of the account of its own."""

from decimal import Decimal

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0039_budget_changes_stand")]

    operations = [
        migrations.AddField(
            model_name="settlement",
            name="refunded",
            field=models.DecimalField(
                db_default=Decimal("0.00"),
                decimal_places=2,
                default=Decimal("0.00"),
                max_digits=16,
                verbose_name="审计认定退回（元）",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="settlement", name="settlement_received_is_spent_and_left"
        ),
        AddConstraintNotValid(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=Q(
                    spent__gte=0,
                    refunded__gte=0,
                    left__gte=0,
                    received=F("spent") + F("refunded") + F("left"),
                ),
                name="settlement_received_is_spent_and_left",
                violation_error_message="收到拨款应等于支出、审计认定退回与结余之和",
            ),
        ),
    ]
