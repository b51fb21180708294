"""An instalment of an approval that was taken back is dropped: it never names an entry."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

STATES = ["planned", "ordered", "paid", "received", "bounced", "dropped"]
UNPAID = ["planned", "ordered", "dropped"]


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0035_answers_of_banks_take_another")]

    operations = [
        migrations.AlterField(
            model_name="payment",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "待拨"),
                    ("ordered", "已制单"),
                    ("paid", "已拨付"),
                    ("received", "已回单"),
                    ("bounced", "已退票"),
                    ("dropped", "已取消"),
                ],
                default="planned",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.RemoveConstraint(model_name="payment", name="payment_state_is_known"),
        migrations.RemoveConstraint(model_name="payment", name="payment_made_names_its_entry"),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="payment_state_is_known"
            ),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(entry__isnull=True, state__in=UNPAID)
                | ~models.Q(state__in=UNPAID) & models.Q(entry__isnull=False),
                name="payment_made_names_its_entry",
            ),
        ),
    ]
